import type { PhoneStore } from "@/store/database";
import { keptDeclarations, settle } from "@/store/declarations";
import type { Device } from "@/store/device";
import { type Api, Refused } from "./api";
import { isSessionOver, type Way } from "./way";

/** Send what was declared without a signal. It needs a living session: the push token carries nothing of this. */
export async function sendDeclarations(api: Api, store: PhoneStore, device: Device, way: Way): Promise<void> {
  if (way.byToken) return;
  for (const { id, entity, tie, words } of await keptDeclarations(store)) {
    try {
      const json = { userId: store.userId, entity, tie, words };
      await api.call(`/conflicts/${id}`, { method: "PUT", json, deviceId: device.id });
      await settle(store, id, { state: "sent" }, Date.now());
    } catch (reason) {
      if (!(reason instanceof Refused) || isSessionOver(reason) || reason.status === 429) throw reason;
      // A server in trouble is asked again in the next round; this must not hold up the photos.
      if (reason.status >= 500) continue;
      const { code, detail } = reason.problem;
      const outcome = code === "conflict-declared" ? "sent" : "refused";
      await settle(store, id, { state: outcome, problem: outcome === "sent" ? "" : detail }, Date.now());
    }
  }
}
