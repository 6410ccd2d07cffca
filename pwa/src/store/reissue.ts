import { capture } from "./capture";
import type { PhoneStore, Writing } from "./database";
import { ownDevice } from "./device";
import { isAsSaved, setAside } from "./outbox";
import type { OpRow } from "./schema";

/**
 * Say again, in the present chain, what waits under an identity this database no longer has.
 * The old ops stay as they are; a phone killed half-way goes on with what is left.
 */
export async function sendAgain(store: PhoneStore): Promise<void> {
  const present = await ownDevice(store);
  const waiting = await store.read((transaction) => transaction.objectStore("ops").index("waiting").getAll(1));
  const left = waiting.filter((one) => one.deviceId !== present.id).sort((one, other) => one.seq - other.seq);
  for (const row of left) {
    if (await isAsSaved(row)) await sayAgain(store, row);
    else await setAside(store, row);
  }
}

async function sayAgain(store: PhoneStore, row: OpRow): Promise<void> {
  const { visitId, kind, path, value, formSha } = row.op;
  await capture(store, { visitId, kind, path, value, formSha }, async (transaction, op) => {
    const { waiting: _, ...done } = row;
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
