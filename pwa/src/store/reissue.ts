import { capture } from "./capture";
import type { PhoneStore } from "./database";
import { FORKED } from "./outbox";
import type { OpRow } from "./schema";

/** Say again, in the new chain, what the old device's chain could not bring to effect. The old ops stay as they are. */
export async function sendAgain(store: PhoneStore, oldDeviceId: string): Promise<void> {
  const range = IDBKeyRange.bound([oldDeviceId, 0], [oldDeviceId, Number.MAX_SAFE_INTEGER]);
  const rows = await store.read((transaction) => transaction.objectStore("ops").getAll(range));
  for (const row of rows.filter(withoutEffect)) {
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

function withoutEffect(row: OpRow): boolean {
  return row.waiting === 1 || (row.result?.status === "quarantined" && FORKED.has(row.result.reason ?? ""));
}
