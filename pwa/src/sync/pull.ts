import type { PhoneStore } from "@/store/database";
import type { Device } from "@/store/device";
import { type Page, takePage } from "@/store/pulled";
import { type Api, Refused } from "./api";

/** Fetch what is new, page by page. A cursor too old means a fresh snapshot; the outbox stays as it is. */
export async function pullAll(api: Api, store: PhoneStore, device: Device): Promise<void> {
  let more = true;
  while (more) {
    const cursor = await store.meta<string | null>("cursor");
    const page = await fetchPage(api, device, cursor ?? null);
    if (page === "gone") {
      await store.setMeta("cursor", null);
      continue;
    }
    await takePage(store, page);
    more = page.more;
  }
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
