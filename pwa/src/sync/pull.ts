import type { PhoneStore } from "@/store/database";
import type { Device } from "@/store/device";
import { type Page, takePage } from "@/store/pulled";
import { takeSnapshot } from "@/store/snapshot";
import { type Api, Refused } from "./api";

/** Fetch what is new, page by page. A cursor that is no longer good means a fresh snapshot; the outbox stays as it is. */
export async function pullAll(api: Api, store: PhoneStore, device: Device): Promise<void> {
  for (let more = true; more; ) {
    const cursor = await store.meta<string | null>("cursor");
    if (cursor === null) return startOver(api, store, device);
    const page = await fetchPage(api, device, cursor ?? null);
    if (page === "gone") await store.setMeta("cursor", null);
    else await takePage(store, page);
    more = page === "gone" || page.more;
  }
}

/** The server's record is another one than this phone followed: all of it is fetched, then takes the place of what was shown. */
async function startOver(api: Api, store: PhoneStore, device: Device): Promise<void> {
  const pages: Page[] = [];
  for (let cursor: string | null = null, more = true; more; ) {
    const page = await fetchPage(api, device, cursor);
    if (page === "gone") return startOver(api, store, device);
    pages.push(page);
    [cursor, more] = [page.cursor, page.more];
  }
  await takeSnapshot(store, pages);
}

async function fetchPage(
  api: Api,
  device: Device,
  cursor: string | null,
): Promise<(Page & { more: boolean }) | "gone"> {
  const query = cursor === null ? "" : `?cursor=${encodeURIComponent(cursor)}`;
  try {
    return (await api.call<Page & { more: boolean }>(`/sync/pull${query}`, { deviceId: device.id })).body;
  } catch (reason) {
    if (reason instanceof Refused && reason.status === 410 && cursor !== null) return "gone";
    throw reason;
  }
}
