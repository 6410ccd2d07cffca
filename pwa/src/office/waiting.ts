const EVERY_MS = 2000;

/**
 * What a server is still working at follows it: an element with `data-waiting` is renewed from its own page every
 * two seconds, and the whole page once the work has ended. Without a script the page has a link that does the same.
 */
export function followWaiting(page: Document): void {
  const waiting = page.querySelector("[data-waiting]");
  if (waiting) setTimeout(() => void renew(page, waiting), EVERY_MS);
}

async function renew(page: Document, waiting: Element): Promise<void> {
  const news = await fetched(page.location.href);
  if (!news) return void setTimeout(() => void renew(page, waiting), EVERY_MS);
  const still = news.querySelector("[data-waiting]");
  if (!still) return page.location.reload();
  waiting.replaceWith(page.adoptNode(still));
  followWaiting(page);
}

/** The page as it is now, or null while the server can't be reached. */
async function fetched(address: string): Promise<Document | null> {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    return answer.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
  } catch {
    return null;
  }
}
