import { fromHex, isReceiptFor, type Receipt, sign } from "@/engine/keys";
import { NEEDS_SESSION } from "@/engine/ops";
import type { PhoneStore } from "@/store/database";
import type { Device } from "@/store/device";
import { acknowledge, FORKED, isAsSaved, type PushResult, waitAgainFrom, waitingOps } from "@/store/outbox";
import { adoptNewDevice } from "@/store/reissue";
import type { OpRow } from "@/store/schema";
import { type Api, Refused } from "./api";
import type { Meta } from "./meta";
import { askWhatIsHeld, trueReceipts } from "./receipts";
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

/** Send every waiting op, oldest first. Resolves when none waits, what waits needs a living session, or this phone has become a new device. */
export async function pushAll(api: Api, store: PhoneStore, device: Device, meta: Meta, way: Way): Promise<void> {
  let most = meta.limits.maxOps;
  let gaps = 0;
  for (;;) {
    const next = nextBatch(await waitingOps(store, device.id), most, meta, way);
    if (!next.length) return;
    const batch = await soundPart(next);
    if (!batch.length) return goOnWithoutAltered(api, store, device, meta, way);
    try {
      const { body } = await send(api, device, batch, way);
      await keepAnswers(api, store, device, batch, body, meta, way);
      // The chain here and the one on the server went different ways: all is kept, and said again as a new device.
      if (body.results.some((result) => FORKED.has(result.reason ?? "")))
        return void (await adoptNewDevice(store, device.id));
    } catch (reason) {
      if (!(reason instanceof Refused)) throw reason;
      if (reason.status === 413 && batch.length > 1) most = Math.ceil(batch.length / 2);
      else if (reason.problem.code === "op-gap" && gaps++ < 3) {
        const expected = reason.problem.expectedSeq as number;
        if (!(await waitAgainFrom(store, device.id, expected))) return void (await adoptNewDevice(store, device.id));
      } else throw reason;
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

/** As many as one signature can speak for: each still what was saved, each built on the one before it. */
async function soundPart(batch: OpRow[]): Promise<OpRow[]> {
  for (const [place, row] of batch.entries()) {
    const follows = place === 0 || row.op.prev === batch[place - 1]?.hash;
    if (!follows || !(await isAsSaved(row))) return batch.slice(0, place);
  }
  return batch;
}

/** The chain cannot go on past an op that was altered here: what the server has by now is handed over, the rest begins a new one. */
async function goOnWithoutAltered(api: Api, store: PhoneStore, device: Device, meta: Meta, way: Way): Promise<void> {
  const waiting = await waitingOps(store, device.id);
  const opIds = waiting.map((row) => row.op.id);
  const held = await askWhatIsHeld(api, device, way, opIds);
  const receipts = await trueReceipts(waiting, held, meta);
  const results = opIds.flatMap((id) => (held.ops[id] ? [{ id, ...held.ops[id] }] : []));
  await acknowledge(store, device.id, results, (row) => receipts.get(row.op.id) ?? null);
  await adoptNewDevice(store, device.id);
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
  const aside = batch.filter((row) => outside.has(row.op.id));
  const held = await askWhatIsHeld(api, device, way, [...outside]);
  const single = await trueReceipts(aside, held, meta);
  const end = batch.find((row) => row.seq === pushed.lastSeq)?.hash ?? (await hashAt(store, device, pushed.lastSeq));
  const chained = end !== null && (await isReceiptFor(pushed.receipt, end, meta.receiptKeys));
  if (!chained && outside.size < batch.length) throw new BadReceipt("the receipt is not for this chain");
  await acknowledge(store, device.id, pushed.results, (row) =>
    outside.has(row.op.id) ? (single.get(row.op.id) ?? null) : row.seq <= pushed.lastSeq ? pushed.receipt : null,
  );
}

async function hashAt(store: PhoneStore, device: Device, seq: number): Promise<string | null> {
  const row = await store.read((transaction) => transaction.objectStore("ops").get([device.id, seq]));
  return row?.hash ?? null;
}
