import { isReceiptFor, type Receipt } from "@/engine/keys";
import type { PhoneStore } from "@/store/database";
import type { Device } from "@/store/device";
import type { OpRow } from "@/store/schema";
import type { Api } from "./api";
import type { Meta } from "./meta";
import { authorised, type Way } from "./way";

const MOST = 500;

interface Told {
  ops: Record<string, { receipt: Receipt } | null>;
  shas: Record<string, Receipt | null>;
}

/** The server's record was replaced (a restore): ask for the receipts of all this phone holds; what is missing there waits again. */
export async function recheckAll(api: Api, store: PhoneStore, device: Device, meta: Meta, way: Way): Promise<void> {
  const [ops, uploads] = await store.read(async (transaction) => [
    await transaction.objectStore("ops").getAll(),
    await transaction.objectStore("uploads").getAll(),
  ]);
  const told: Told = { ops: {}, shas: {} };
  const answered = ops.filter((row) => row.deviceId === device.id && row.receipt);
  const received = uploads.filter((row) => row.receipt);
  for (let from = 0; from < Math.max(answered.length, received.length); from += MOST) {
    const opIds = answered.slice(from, from + MOST).map((row) => row.op.id);
    const shas = received.slice(from, from + MOST).map((row) => row.sha);
    const json = { opIds, shas };
    const { body } = await authorised(way, device, (call) =>
      api.call<Told>("/receipts/query", { method: "POST", json, ...call }),
    );
    Object.assign(told.ops, body.ops);
    Object.assign(told.shas, body.shas);
  }
  const lostOps: OpRow[] = [];
  for (const row of answered) {
    const receipt = told.ops[row.op.id]?.receipt ?? null;
    if (!(await isReceiptFor(receipt, row.hash, meta.receiptKeys))) lostOps.push(row);
  }
  const lostFiles = received.filter((row) => !told.shas[row.sha]);
  await store.write(async (transaction) => {
    for (const row of lostOps) {
      await transaction.objectStore("ops").put({ ...row, waiting: 1, result: null, receipt: null, answeredAt: null });
    }
    for (const row of lostFiles) {
      await transaction.objectStore("uploads").put({ ...row, sent: 0, receipt: null, receivedAt: null });
    }
    await transaction.objectStore("meta").put(null, "cursor");
  });
}
