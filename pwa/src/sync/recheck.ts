import type { PhoneStore } from "@/store/database";
import { sendAllAgain } from "@/store/declarations";
import type { Device } from "@/store/device";
import type { Api } from "./api";
import type { Meta } from "./meta";
import { askWhatIsHeld, trueReceipts } from "./receipts";
import type { Way } from "./way";

/** The server's record was replaced (a restore): ask for the receipts of all this phone holds; what is missing there waits again. */
export async function recheckAll(api: Api, store: PhoneStore, device: Device, meta: Meta, way: Way): Promise<void> {
  const [ops, uploads] = await store.read(async (transaction) => [
    await transaction.objectStore("ops").getAll(),
    await transaction.objectStore("uploads").getAll(),
  ]);
  // Former identities of this phone count too; what they left outside their chain was said again since.
  const answered = ops.filter((row) => row.receipt && !row.saidAgainAs);
  const received = uploads.filter((row) => row.receipt);
  const opIds = answered.map((row) => row.op.id);
  const shas = received.map((row) => row.sha);
  const held = await askWhatIsHeld(api, device, way, opIds, shas);
  const kept = await trueReceipts(answered, held, meta);
  const lostOps = answered.filter((row) => !kept.has(row.op.id));
  const lostFiles = received.filter((row) => !held.shas[row.sha]);
  await store.write(async (transaction) => {
    for (const row of lostOps) {
      await transaction.objectStore("ops").put({ ...row, waiting: 1, result: null, receipt: null, answeredAt: null });
    }
    for (const row of lostFiles) {
      await transaction.objectStore("uploads").put({ ...row, receipt: null, receivedAt: null });
    }
    await sendAllAgain(transaction);
    await transaction.objectStore("meta").put(null, "cursor");
    await transaction.objectStore("meta").put(meta.epoch, "epoch");
  });
}
