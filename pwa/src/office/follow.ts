const EVERY_MS = 2000;

/**
 * A screen that others act on: `data-follow` says how things stand. When the server's page says otherwise the page
 * is loaded anew, unless somebody is just writing or signing on it.
 */
export function followOthers(page: Document): void {
  const shown = page.querySelector<HTMLElement>("[data-follow]")?.dataset.follow;
  if (shown !== undefined) setTimeout(() => void look(page, shown), EVERY_MS);
}

async function look(page: Document, shown: string): Promise<void> {
  const standing = await standingOf(page.location.href);
  if (standing !== null && standing !== shown && !isBusy(page)) return page.location.reload();
  setTimeout(() => void look(page, shown), EVERY_MS);
}

/** How things stand on the server; null while it can't be reached. */
async function standingOf(address: string): Promise<string | null> {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (!answer.ok) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.querySelector<HTMLElement>("[data-follow]")?.dataset.follow ?? "";
  } catch {
    return null;
  }
}

function isBusy(page: Document): boolean {
  if (page.querySelector("[data-inked], form[data-sent]")) return true;
  const fields = page.querySelectorAll<HTMLInputElement>("input:not([type=hidden])");
  return Array.from(fields).some((field) => field.value !== field.defaultValue);
}
