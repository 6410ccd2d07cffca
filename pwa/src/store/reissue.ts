import { opHashAtOnce } from "@/engine/ops";
import { atTheEnd } from "./capture";
import type { PhoneStore, Writing } from "./database";
import { type Device, takeIdentity } from "./device";
import { setAside } from "./outbox";
import type { OpRow } from "./schema";

/**
 * Start a new chain under a new identity. What waits is said again in it in the same moment, so that whatever is captured
 * next comes after it: a photo is voided only after it was added, an answer corrected only after it was given.
 */
export function adoptNewDevice(store: PhoneStore, instead: string): Promise<Device> {
  return takeIdentity(store, instead, (transaction) => sayAllAgain(transaction, store.userId));
}

/** Say again, in the present chain, what an earlier version of the app left waiting under an identity this database no longer has. */
export async function sendAgain(store: PhoneStore): Promise<void> {
  await store.write((transaction) => sayAllAgain(transaction, store.userId));
}

async function sayAllAgain(transaction: Writing, userId: number): Promise<void> {
  const present = (await transaction.objectStore("meta").get("device")) as Device | undefined;
  const waiting = await transaction.objectStore("ops").index("waiting").getAll(1);
  const left = waiting.filter((one) => one.deviceId !== present?.id).sort((one, other) => one.seq - other.seq);
  for (const row of left) {
    if (opHashAtOnce(row.op) === row.hash) await sayAgain(transaction, userId, row);
    else await setAside(transaction, row);
  }
}

/** The old op stays as it is. */
async function sayAgain(transaction: Writing, userId: number, row: OpRow): Promise<void> {
  const { visitId, kind, path, value, formSha } = row.op;
  await atTheEnd(transaction, userId, [{ visitId, kind, path, value, formSha }], async (_, op) => {
    const { waiting: __, ...done } = row;
    const answeredAt = row.answeredAt ?? Date.now();
    await transaction.objectStore("ops").put({ ...done, answeredAt, saidAgainAs: op.id });
    await followIn(transaction, row, op.id);
  });
}

/** What this phone shows of the op now comes from the one that says it again. */
async function followIn(transaction: Writing, { op }: OpRow, opId: string): Promise<void> {
  const signatures = transaction.objectStore("signatures");
  const signature = await signatures.get(op.id);
  if (signature) {
    await signatures.delete(op.id);
    await signatures.put({ ...signature, opId });
  }
  const answer = await transaction.objectStore("answers").get([op.visitId, op.path]);
  if (answer?.local?.opId !== op.id) return;
  await transaction.objectStore("answers").put({ ...answer, local: { ...answer.local, opId } });
}
