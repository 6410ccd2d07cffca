import type { PhoneStore } from "@/store/database";
import type { Head } from "@/store/device";
import type { Random } from "./random";
import { happened } from "./tally";

/** Somebody who edits a phone's database behind the app's back. Each tells what was altered, or null if there was nothing to. */
export async function alterOp(store: PhoneStore, random: Random): Promise<string | null> {
  return store.write(async (transaction) => {
    const ops = transaction.objectStore("ops");
    const rows = (await ops.index("waiting").getAll(1)).filter(({ op }) => op.kind !== "evidence.add");
    if (!rows.length) return null;
    const row = random.of(rows);
    await ops.put({ ...row, op: { ...row.op, value: { result: "na", problem: "改动", disposal: null } } });
    return row.op.id;
  });
}

export async function alterBytes(store: PhoneStore, random: Random): Promise<string | null> {
  return store.write(async (transaction) => {
    const waiting = (await transaction.objectStore("uploads").getAll()).filter((row) => !row.receipt && !row.stuck);
    const row = waiting.length ? random.of(waiting) : null;
    const blob = row && (await transaction.objectStore("blobs").get(row.sha));
    if (!blob || !("bytes" in blob)) return null;
    const bytes = new Uint8Array(blob.bytes.slice(0));
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
    await transaction.objectStore("blobs").put({ sha: blob.sha, bytes: bytes.buffer });
    return blob.sha;
  });
}

export async function alterHead(store: PhoneStore): Promise<void> {
  await store.write(async (transaction) => {
    const head = (await transaction.objectStore("meta").get("head")) as Head | undefined;
    if (!head?.seq) return;
    happened("chain altered on the phone");
    await transaction.objectStore("meta").put({ ...head, hash: head.hash.split("").reverse().join("") }, "head");
  });
}
