import { canonical } from "@/engine/canonical";
import { type Kind, type Op, opHash } from "@/engine/ops";
import { announceCapture, whileSaving } from "./changes";
import type { PhoneStore, Writing } from "./database";
import { type Device, headIn, newId, ownDevice } from "./device";

/** What a person did, before it has a place in the chain. */
export interface Draft {
  visitId: string;
  kind: Kind;
  path: string;
  value: unknown;
  formSha?: string | null;
}

/** What else changes with the op, in the same transaction. */
export type Effect = (transaction: Writing, op: Op) => Promise<void>;

const queues = new WeakMap<PhoneStore, Promise<unknown>>();

/**
 * Put an op at the end of the chain together with what it changes, in one durable transaction.
 * Resolves when it is saved for good; throws PhoneFull with nothing kept.
 */
export function capture(store: PhoneStore, draft: Draft, effect: Effect): Promise<Op> {
  const before = queues.get(store) ?? Promise.resolve();
  const mine = whileSaving(before.then(() => append(store, draft, effect)));
  queues.set(
    store,
    mine.catch(() => undefined),
  );
  return mine;
}

async function append(store: PhoneStore, draft: Draft, effect: Effect): Promise<Op> {
  for (;;) {
    const op = await atTheEnd(store, draft);
    const hash = await opHash(op);
    // Hashing cannot happen inside a transaction: if another tab was quicker, take a new place.
    if (await store.write((transaction) => keep(transaction, op, hash, effect))) {
      announceCapture();
      return op;
    }
  }
}

async function atTheEnd(store: PhoneStore, draft: Draft): Promise<Op> {
  const device = await ownDevice(store);
  return store.read(async (transaction) => {
    const head = await headIn(transaction as unknown as Writing);
    const isAnswer = draft.kind === "answer.set" || draft.kind === "note.set";
    const answer = isAnswer ? await transaction.objectStore("answers").get([draft.visitId, draft.path]) : undefined;
    const serverTime = (await transaction.objectStore("meta").get("serverTime")) as number | undefined;
    return {
      id: newId(),
      deviceId: device.id,
      seq: head.seq + 1,
      userId: store.userId,
      visitId: draft.visitId,
      formSha: draft.formSha ?? null,
      kind: draft.kind,
      path: draft.path,
      value: draft.value,
      baseRev: answer?.local?.baseRev ?? answer?.server?.rev ?? 0,
      at: { wall: Date.now(), monoMs: Math.round(performance.now()), lastServerTime: serverTime ?? null },
      prev: head.hash,
    };
  });
}

async function keep(transaction: Writing, op: Op, hash: string, effect: Effect): Promise<boolean> {
  const device = (await transaction.objectStore("meta").get("device")) as Device;
  const head = await headIn(transaction);
  if (device.id !== op.deviceId || head.hash !== op.prev) return false;
  const size = new TextEncoder().encode(canonical(op)).length;
  const { deviceId, seq } = op;
  const unanswered = { waiting: 1 as const, result: null, receipt: null, answeredAt: null };
  await transaction.objectStore("ops").add({ deviceId, seq, op, hash, size, ...unanswered });
  await transaction.objectStore("meta").put({ seq, hash }, "head");
  await effect(transaction, op);
  return true;
}
