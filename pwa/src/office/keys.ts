/** The desktop's keys: `/` searches, J and K walk the rows, Enter opens, E and R press what is marked so. */
export function listenToKeys(page: Document): void {
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && location.hash === "#nav") location.hash = "#main";
    if (isTyping(event.target)) return;
    const key = event.key.toLowerCase();
    if (key === "/") focusSearch(page, event);
    else if (key === "j") walk(page, 1);
    else if (key === "k") walk(page, -1);
    else if (key === "e" || key === "r") page.querySelector<HTMLElement>(`[data-key="${key}"]`)?.click();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable], dialog") !== null;
}

function focusSearch(page: Document, event: Event): void {
  const search = page.querySelector<HTMLInputElement>('main input[type="search"], header input[type="search"]');
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
}

function walk(page: Document, by: number): void {
  const links = [...page.querySelectorAll<HTMLElement>("main :is(tbody tr, .list > li) a.plain-link")];
  if (links.length === 0) return;
  const at = links.indexOf(page.activeElement as HTMLElement);
  const next = at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(links.length - 1, Math.max(0, at + by));
  links[next]?.focus();
}
