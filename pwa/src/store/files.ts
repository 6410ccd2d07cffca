import type { Receipt } from "@/engine/keys";
import type { PhoneStore, Writing } from "./database";
import { deleteOriginal } from "./originals";
import type { UploadRow } from "./schema";

const KEPT_AFTER_RECEIPT_MS = 7 * 24 * 3_600_000;

/** Files without a receipt: photos before video, small before large. */
export async function waitingUploads(store: PhoneStore): Promise<UploadRow[]> {
  const rows = await store.read((transaction) => transaction.objectStore("uploads").getAll());
  const isFilm = (row: UploadRow) => Number(!row.mime.startsWith("image/"));
  return rows
    .filter((row) => !row.receipt)
    .sort((left, right) => isFilm(left) - isFilm(right) || left.size - right.size);
}

/** What stood in a file's way does no more. How far it has come is the server's to say. */
export async function noteMoving(store: PhoneStore, sha: string): Promise<void> {
  await change(store, sha, (row) => ({ ...row, stuck: null }));
}

export async function noteStuck(store: PhoneStore, sha: string, code: string): Promise<void> {
  await change(store, sha, (row) => ({ ...row, tries: row.tries + 1, stuck: { code, at: Date.now() } }));
}

export async function keepFileReceipt(store: PhoneStore, sha: string, receipt: Receipt): Promise<void> {
  await change(store, sha, (row) => ({ ...row, stuck: null, receipt, receivedAt: Date.now() }));
}

/** Let go of originals whose receipt is older than seven days, or, under pressure, of every receipted one, oldest first. */
export async function evictReceipted(store: PhoneStore, now: number, bytesNeeded = 0): Promise<number> {
  return store.write(async (transaction) => {
    const rows = (await transaction.objectStore("uploads").getAll()).filter((row) => row.receivedAt !== null);
    rows.sort((left, right) => (left.receivedAt ?? 0) - (right.receivedAt ?? 0));
    let freed = 0;
    for (const row of rows) {
      const old = now - (row.receivedAt ?? now) > KEPT_AFTER_RECEIPT_MS;
      if (!old && freed >= bytesNeeded) continue;
      if (await everyOpAnswered(transaction, row)) {
        await deleteOriginal(transaction, row.sha);
        freed += row.size;
      }
    }
    return freed;
  });
}

async function everyOpAnswered(transaction: Writing, row: UploadRow): Promise<boolean> {
  const ops = await transaction.objectStore("ops").index("visit").getAll(row.visitId);
  const about = ops.filter(({ op }) => op.kind === "evidence.add" && (op.value as { sha: string }).sha === row.sha);
  return about.every((one) => one.receipt !== null);
}

async function change(store: PhoneStore, sha: string, to: (row: UploadRow) => UploadRow): Promise<void> {
  await store.write(async (transaction) => {
    const row = await transaction.objectStore("uploads").get(sha);
    if (row) await transaction.objectStore("uploads").put(to(row));
  });
}
