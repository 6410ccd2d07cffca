import { fromHex, isReceiptFor, type Receipt, sign } from "@/engine/keys";
import { NEEDS_SESSION } from "@/engine/ops";
import type { PhoneStore } from "@/store/database";
import { adoptNewDevice, type Device } from "@/store/device";
import { acknowledge, FORKED, type PushResult, waitAgainFrom, waitingOps } from "@/store/outbox";
import { sendAgain } from "@/store/reissue";
import type { OpRow } from "@/store/schema";
import { type Api, Refused } from "./api";
import type { Meta } from "./meta";
import { authorised, type Way } from "./way";

interface Pushed {
  results: PushResult[];
  lastSeq: number;
  receipt: Receipt | null;
}

const ENVELOPE_BYTES = 1024;

/** The server's receipt is not its own word about what was sent: nothing counts as handed over. */
export class BadReceipt extends Error {
  override name = "BadReceipt";
}

/** Send every waiting op, oldest first. Resolves when none waits, or what waits needs a living session. */
export async function pushAll(api: Api, store: PhoneStore, device: Device, meta: Meta, way: Way): Promise<void> {
  let most = meta.limits.maxOps;
  let gaps = 0;
  for (;;) {
    const batch = nextBatch(await waitingOps(store, device.id), most, meta, way);
    if (!batch.length) return;
    try {
      const { body } = await send(api, device, batch, way);
      await keepAnswers(api, store, device, batch, body, meta, way);
      if (body.results.some((result) => FORKED.has(result.reason ?? ""))) return continueAsNewDevice(store, device);
    } catch (reason) {
      if (!(reason instanceof Refused)) throw reason;
      if (reason.status === 413 && batch.length > 1) most = Math.ceil(batch.length / 2);
      else if (reason.problem.code === "op-gap" && gaps++ < 3) await fillGap(store, device, reason);
      else throw reason;
    }
  }
}

function nextBatch(waiting: OpRow[], most: number, meta: Meta, way: Way): OpRow[] {
  const batch: OpRow[] = [];
  let size = ENVELOPE_BYTES;
  for (const row of waiting) {
    if (way.byToken && NEEDS_SESSION.has(row.op.kind)) break;
    size += row.size + 1;
    if (batch.length && (batch.length >= most || size > meta.limits.maxPushBytes)) break;
    batch.push(row);
  }
  return batch;
}

async function send(api: Api, device: Device, batch: OpRow[], way: Way) {
  const last = batch[batch.length - 1] as OpRow;
  const head = { seq: last.seq, hash: last.hash, sig: await sign(device.privateKey, fromHex(last.hash)) };
  const json = { deviceId: device.id, ops: batch.map((row) => row.op), head };
  return authorised(way, device, (call) => api.call<Pushed>("/sync/push", { method: "POST", json, ...call }));
}

async function keepAnswers(
  api: Api,
  store: PhoneStore,
  device: Device,
  batch: OpRow[],
  pushed: Pushed,
  meta: Meta,
  way: Way,
): Promise<void> {
  const outside = new Set(pushed.results.filter((one) => FORKED.has(one.reason ?? "")).map((one) => one.id));
  const single = outside.size ? await receiptsOf(api, device, [...outside], way) : {};
  const end = batch.find((row) => row.seq === pushed.lastSeq)?.hash ?? (await hashAt(store, device, pushed.lastSeq));
  const chained = end !== null && (await isReceiptFor(pushed.receipt, end, meta.receiptKeys));
  if (!chained && outside.size < batch.length) throw new BadReceipt("the receipt is not for this chain");
  for (const row of batch.filter((one) => outside.has(one.op.id))) {
    if (!(await isReceiptFor(single[row.op.id] ?? null, row.hash, meta.receiptKeys))) delete single[row.op.id];
  }
  await acknowledge(store, device.id, pushed.results, (row) =>
    outside.has(row.op.id) ? (single[row.op.id] ?? null) : row.seq <= pushed.lastSeq ? pushed.receipt : null,
  );
}

async function hashAt(store: PhoneStore, device: Device, seq: number): Promise<string | null> {
  const row = await store.read((transaction) => transaction.objectStore("ops").get([device.id, seq]));
  return row?.hash ?? null;
}

async function receiptsOf(api: Api, device: Device, opIds: string[], way: Way): Promise<Record<string, Receipt>> {
  const json = { opIds, shas: [] };
  const asked = await authorised(way, device, (call) =>
    api.call<{ ops: Record<string, { receipt: Receipt } | null> }>("/receipts/query", {
      method: "POST",
      json,
      ...call,
    }),
  );
  const found = Object.entries(asked.body.ops).flatMap(([id, told]) => (told ? [[id, told.receipt] as const] : []));
  return Object.fromEntries(found);
}

async function fillGap(store: PhoneStore, device: Device, refused: Refused): Promise<void> {
  const expected = refused.problem.expectedSeq as number;
  if (!(await waitAgainFrom(store, device.id, expected))) await continueAsNewDevice(store, device);
}

/** The chain here and the one on the server went different ways: keep all, and say it again as a new device. */
async function continueAsNewDevice(store: PhoneStore, device: Device): Promise<void> {
  await adoptNewDevice(store, device.id);
  await sendAgain(store);
}
