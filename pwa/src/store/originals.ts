import { sha256 } from "@/engine/canonical";
import { RunningSha256 } from "@/engine/sha256";
import type { PhoneStore, Reading, Writing } from "./database";
import { newId } from "./device";
import type { BlobRow, Pieces } from "./schema";

export const PIECE_BYTES = 1 << 20;
const ABANDONED_AFTER_MS = 24 * 3_600_000;

/** An original as it is read: a part at a time, whatever way it lies here. */
export interface Original {
  slice(from: number, to: number): Promise<ArrayBuffer>;
  sha(): Promise<string>;
}

/** The original of a file; null if it is not here any more. */
export async function openOriginal(store: PhoneStore, sha: string): Promise<Original | null> {
  const row = await store.read((transaction) => transaction.objectStore("blobs").get(sha));
  if (!row) return null;
  if ("owner" in row) return new InPieces(store, row);
  return { slice: async (from, to) => row.bytes.slice(from, to), sha: () => sha256(row.bytes) };
}

/** The original as a browser shows it. */
export async function blobOf(store: PhoneStore, sha: string, type: string): Promise<Blob | null> {
  const parts = await store.read((transaction) => partsIn(transaction, sha));
  return parts.length ? new Blob(parts, { type }) : null;
}

/** All bytes of an original in order; none if it is not here. */
export async function partsIn(transaction: Reading, sha: string): Promise<ArrayBuffer[]> {
  const row = await transaction.objectStore("blobs").get(sha);
  if (!row) return [];
  if (!("owner" in row)) return [row.bytes];
  return (await transaction.objectStore("pieces").getAll(allOf(row.owner))).map((piece) => piece.bytes);
}

export async function deleteOriginal(transaction: Writing, sha: string): Promise<void> {
  const row = await transaction.objectStore("blobs").get(sha);
  if (row && "owner" in row) await transaction.objectStore("pieces").delete(allOf(row.owner));
  await transaction.objectStore("blobs").delete(sha);
}

/** A long original on its way in: every piece is on the disk before the next is read, and hashed as it passes. */
export class Incoming implements Pieces {
  readonly ends: number[] = [];
  readonly #store: PhoneStore;
  readonly #hash = new RunningSha256();

  constructor(
    store: PhoneStore,
    readonly owner = newId(),
  ) {
    this.#store = store;
  }

  get size(): number {
    return this.ends.at(-1) ?? 0;
  }

  /** Keep the next bytes, at most 1 MiB at a time. */
  async add(bytes: ArrayBuffer): Promise<void> {
    const { owner } = this;
    const n = this.ends.length;
    await this.#store.write((transaction) => transaction.objectStore("pieces").put({ owner, n, bytes }));
    this.take(bytes);
  }

  /** Count a piece that is here already. */
  take(bytes: ArrayBuffer): void {
    this.#hash.add(new Uint8Array(bytes));
    this.ends.push(this.size + bytes.byteLength);
  }

  sha(): string {
    return this.#hash.hex();
  }

  async forget(): Promise<void> {
    await this.#store.write((transaction) => transaction.objectStore("pieces").delete(allOf(this.owner)));
  }
}

/** The pieces that an earlier page left behind, ready to be finished. */
export async function resume(store: PhoneStore, owner: string): Promise<Incoming> {
  const incoming = new Incoming(store, owner);
  const pieces = await store.read((transaction) => transaction.objectStore("pieces").getAll(allOf(owner)));
  for (const piece of pieces) incoming.take(piece.bytes);
  return incoming;
}

/** Let go of pieces that belong to no original and that nobody has written for a day. */
export async function dropAbandoned(store: PhoneStore, now: number, unfinished: ReadonlySet<string>): Promise<void> {
  await store.write(async (transaction) => {
    const owners = new Set((await transaction.objectStore("pieces").getAllKeys()).map(([owner]) => owner));
    if (!owners.size) return;
    const held = (await transaction.objectStore("blobs").getAll()).flatMap((row) => ("owner" in row ? row.owner : []));
    for (const owner of owners) {
      const isOld = now - beginningOf(owner) > ABANDONED_AFTER_MS;
      if (isOld && !held.includes(owner) && !unfinished.has(owner)) {
        await transaction.objectStore("pieces").delete(allOf(owner));
      }
    }
  });
}

class InPieces implements Original {
  readonly #store: PhoneStore;
  readonly #row: BlobRow & Pieces;

  constructor(store: PhoneStore, row: BlobRow & Pieces) {
    this.#store = store;
    this.#row = row;
  }

  async slice(from: number, to: number): Promise<ArrayBuffer> {
    const { owner, ends } = this.#row;
    const end = Math.min(to, ends.at(-1) ?? 0);
    const made = new Uint8Array(Math.max(0, end - from));
    for (const [n, ending] of ends.entries()) {
      const begin = ends[n - 1] ?? 0;
      if (ending <= from || begin >= end) continue;
      const piece = await this.#store.read((transaction) => transaction.objectStore("pieces").get([owner, n]));
      if (!piece) throw new Error(`piece ${n} of ${owner} is gone`);
      const part = new Uint8Array(piece.bytes).subarray(Math.max(0, from - begin), end - begin);
      made.set(part, Math.max(0, begin - from));
    }
    return made.buffer;
  }

  async sha(): Promise<string> {
    return (await resume(this.#store, this.#row.owner)).sha();
  }
}

function allOf(owner: string): IDBKeyRange {
  return IDBKeyRange.bound([owner, 0], [owner, Number.MAX_SAFE_INTEGER]);
}

/** When a UUIDv7 was made. */
function beginningOf(owner: string): number {
  return Number.parseInt(owner.replaceAll("-", "").slice(0, 12), 16);
}
