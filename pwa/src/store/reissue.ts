import { capture } from "./capture";
import type { PhoneStore } from "./database";
import { ownDevice } from "./device";

/**
 * Say again, in the present chain, what waits under an identity this database no longer has.
 * The old ops stay as they are; a phone killed half-way goes on with what is left.
 */
export async function sendAgain(store: PhoneStore): Promise<void> {
  const present = await ownDevice(store);
  const waiting = await store.read((transaction) => transaction.objectStore("ops").index("waiting").getAll(1));
  for (const row of waiting.filter((one) => one.deviceId !== present.id)) {
    const { visitId, kind, path, value, formSha } = row.op;
    await capture(store, { visitId, kind, path, value, formSha }, async (transaction, op) => {
      const { waiting: _, ...done } = row;
      await transaction.objectStore("ops").put({ ...done, answeredAt: row.answeredAt ?? Date.now() });
      const answer = await transaction.objectStore("answers").get([visitId, path]);
      if (answer?.local?.opId === row.op.id) {
        await transaction.objectStore("answers").put({ ...answer, local: { ...answer.local, opId: op.id } });
      }
    });
  }
}
