import { canonical } from "@/engine/canonical";
import { type Kind, type Op, opHashAtOnce } from "@/engine/ops";
import { announceCapture, whileSaving } from "./changes";
import type { PhoneStore, Writing } from "./database";
import { type Device, type Head, headIn, newId, ownDevice } from "./device";
import type { AnswerRow } from "./schema";

/** What a person did, before it has a place in the chain. */
export interface Draft {
  visitId: string;
  kind: Kind;
  path: string;
  value: unknown;
  formSha?: string | null;
}

/** What else changes with the op, in the same transaction; `stood` is what stood at the path of an answer. */
export type Effect = (transaction: Writing, op: Op, stood: AnswerRow | undefined) => Promise<void>;

const queues = new WeakMap<PhoneStore, Promise<unknown>>();

/**
 * Put an op at the end of the chain together with what it changes, in one durable transaction.
 * Resolves when it is saved for good; throws PhoneFull with nothing kept.
 */
export async function capture(store: PhoneStore, draft: Draft, effect: Effect): Promise<Op> {
  const [op] = await captureAll(store, [draft], effect);
  return op as Op;
}

/** Several ops that belong together: all of them are saved, or none. */
export function captureAll(store: PhoneStore, drafts: Draft[], effect: Effect): Promise<Op[]> {
  const before = queues.get(store) ?? Promise.resolve();
  const mine = whileSaving(before.then(() => append(store, drafts, effect)));
  queues.set(
    store,
    mine.catch(() => undefined),
  );
  return mine;
}

async function append(store: PhoneStore, drafts: Draft[], effect: Effect): Promise<Op[]> {
  for (;;) {
    const ops = await store.write((transaction) => atTheEnd(transaction, store.userId, drafts, effect));
    if (ops) {
      announceCapture();
      return ops;
    }
    // Keys cannot be made inside a transaction: the first op of a database waits for them.
    await ownDevice(store);
  }
}

/** The same inside a transaction; null where the database has no identity yet. */
export async function atTheEnd(
  transaction: Writing,
  userId: number,
  drafts: Draft[],
  effect: Effect,
): Promise<Op[] | null> {
  const meta = transaction.objectStore("meta");
  const [device, serverTime, found, standing] = await Promise.all([
    meta.get("device") as Promise<Device | undefined>,
    meta.get("serverTime") as Promise<number | undefined>,
    headIn(transaction),
    Promise.all(drafts.map((draft) => answerAt(transaction, draft))),
  ]);
  if (!device) return null;
  const at = { wall: Date.now(), monoMs: Math.round(performance.now()), lastServerTime: serverTime ?? null };
  const ops: Op[] = [];
  let head: Head = found;
  for (const [place, { visitId, kind, path, value, formSha = null }] of drafts.entries()) {
    const stood = standing[place];
    const baseRev = stood?.local?.baseRev ?? stood?.server?.rev ?? 0;
    const follows = { id: newId(), deviceId: device.id, seq: head.seq + 1, userId, at, prev: head.hash };
    const op: Op = { ...follows, visitId, formSha, kind, path, value, baseRev };
    head = { seq: op.seq, hash: opHashAtOnce(op) };
    const kept = keep(transaction, op, head);
    await effect(transaction, op, stood);
    await kept;
    ops.push(op);
  }
  return ops;
}

async function answerAt(transaction: Writing, { kind, visitId, path }: Draft): Promise<AnswerRow | undefined> {
  if (kind !== "answer.set" && kind !== "note.set") return undefined;
  return transaction.objectStore("answers").get([visitId, path]);
}

/** Asked for without a pause between; a failure is told to whoever waits for it, and aborts the transaction anyway. */
function keep(transaction: Writing, op: Op, head: Head): Promise<unknown> {
  const size = new TextEncoder().encode(canonical(op)).length;
  const { deviceId, seq } = op;
  const unanswered = { waiting: 1 as const, result: null, receipt: null, answeredAt: null };
  const [ops, meta] = [transaction.objectStore("ops"), transaction.objectStore("meta")];
  const added = ops.add({ deviceId, seq, op, hash: head.hash, size, ...unanswered });
  added.catch(() => undefined);
  const kept = Promise.all([added, meta.put(head, "head")]);
  kept.catch(() => undefined);
  return kept;
}
