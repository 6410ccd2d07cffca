/**
 * Turns each `details.confirm` with a form of its own into a modal dialog: same form, same buttons, focus kept inside. One
 * that stands in a form opens in place.
 */
export function confirmInDialogs(page: Document): void {
  page.addEventListener("click", (event) => {
    const target = event.target as Element;
    const summary = target.closest<HTMLElement>("details.confirm > summary");
    const form = summary?.parentElement?.querySelector<HTMLFormElement>("form.sheet");
    if (summary && form) {
      event.preventDefault();
      open(page, summary, form);
      return;
    }
    target.closest<HTMLElement>("[data-close]")?.closest("dialog")?.close();
    const drawer = target.closest<HTMLElement>("details.confirm [data-close]")?.closest("details");
    if (drawer) drawer.open = false;
  });
}

function open(page: Document, summary: HTMLElement, form: HTMLFormElement): void {
  const dialog = page.createElement("dialog");
  const home = form.parentElement;
  const heading = form.querySelector("b");
  if (heading) dialog.setAttribute("aria-label", heading.textContent ?? "");
  dialog.append(form);
  page.body.append(dialog);
  dialog.addEventListener("close", () => {
    home?.append(form);
    dialog.remove();
    summary.focus();
  });
  dialog.showModal();
  form.querySelector<HTMLElement>("textarea, input:not([type=hidden]), [data-close]")?.focus();
}
