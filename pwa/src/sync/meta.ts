import type { ReceiptKey } from "@/engine/keys";
import type { PhoneStore } from "@/store/database";
import type { Api } from "./api";

export interface Limits {
  maxOps: number;
  maxPushBytes: number;
  chunkBytes: number;
  maxChunkBytes: number;
  maxEvidenceBytes: number;
}

export interface Meta {
  apiVersions: number[];
  minClient: number;
  serverTime: number;
  limits: Limits;
  epoch: string;
  receiptKeys: ReceiptKey[];
  agencyKey: JsonWebKey | null;
}

/** The version of the protocol that this app speaks. */
export const CLIENT_VERSION = 1;

/**
 * Ask what the server is and what time it says; remember both. Tells whether its record was replaced since; the new epoch
 * is taken over only when everything here was held against it, so that a round cut off on the way checks again.
 */
export async function readMeta(api: Api, store: PhoneStore): Promise<{ meta: Meta; replaced: boolean }> {
  const { body: meta } = await api.call<Meta>("/meta");
  const before = await store.meta<string>("epoch");
  const known = await store.meta<JsonWebKey>("agencyKey");
  await store.write(async (transaction) => {
    const rows = transaction.objectStore("meta");
    await rows.put(meta.serverTime, "serverTime");
    await rows.put(Date.now() - meta.serverTime, "clockOffset");
    await rows.put(before ?? meta.epoch, "epoch");
    if (meta.agencyKey ?? known) await rows.put(meta.agencyKey ?? known, "agencyKey");
  });
  return { meta, replaced: before !== undefined && before !== meta.epoch };
}
