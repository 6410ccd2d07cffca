import type { PhoneStore } from "@/store/database";
import { keptDeclarations } from "@/store/declarations";
import { exportOutbox } from "@/store/export";
import { chainHead } from "@/store/outbox";
import { countUnsent } from "@/store/overview";
import type { Api } from "./api";
import { asKnownDevice, knownDevice } from "./register";
import { authorised } from "./way";

/** An app too old to sync hands in what waits as one sealed bundle, once for each state of it; all of it stays here too. */
export async function handInOnce(api: Api, store: PhoneStore): Promise<void> {
  const [{ hash }, declared] = [await chainHead(store), await keptDeclarations(store)];
  const state = [hash, ...declared.map((row) => row.id)].join(" ");
  const { total } = await countUnsent(store);
  if (total === 0 || (await store.meta<string>("handedIn")) === state) return;
  const [bundle, way] = [await exportOutbox(store), { byToken: false }];
  await asKnownDevice(api, store, way, async () =>
    authorised(way, await knownDevice(api, store), (call) =>
      api.call("/rescue", { method: "POST", bytes: bundle, signal: AbortSignal.timeout(600_000), ...call }),
    ),
  );
  await store.setMeta("handedIn", state);
}
