import { canonical } from "@/engine/canonical";
import { isReceiptFor, type Receipt, sign } from "@/engine/keys";
import type { PhoneStore } from "@/store/database";
import type { Device } from "@/store/device";
import { keepFileReceipt, noteMoving, noteStuck, waitingUploads } from "@/store/files";
import { type Original, openOriginal } from "@/store/originals";
import type { UploadRow } from "@/store/schema";
import { type Answer, type Api, Refused } from "./api";
import type { Meta } from "./meta";
import { authorised, isSessionOver, type Way } from "./way";

type Told = { receipt?: Receipt } | null;
/** How far a file has come; null when nothing more of it is sent. */
type Progress = (sha: string, sent: number | null) => void;

/** Files on their way at once: while one waits for its answer, the others use the link. */
const LANES = 3;
/** What is on its way at once grows while it arrives sooner than this, so that a killed app loses little. */
const QUICK_MS = 600;

/** Send the bytes of every file that has no receipt: photos before video, small before large. One stuck file never holds up the next. */
export async function uploadAll(
  api: Api,
  store: PhoneStore,
  device: Device,
  meta: Meta,
  way: Way,
  progress: Progress,
): Promise<void> {
  const waiting = await waitingUploads(store);
  const upload = new Upload(api, store, device, meta, way, progress, waiting);
  await Promise.all(Array.from({ length: LANES }, () => upload.sendOneByOne()));
  await upload.end();
}

/** What concerns every call, not this file: come back later with everything. */
function isForTheRound(reason: Refused): boolean {
  return isSessionOver(reason) || [401, 426, 429, 503].includes(reason.status);
}

/** A file that is announced, and its bytes, if they are here. */
interface Begun {
  original: Original | null;
  told: Answer<Told> | null;
}

interface Coming {
  row: UploadRow;
  begun: Promise<Begun>;
}

class Upload {
  /** On their way at once, shared by the files that are. */
  #bytes: number;
  #files = 0;
  #failed: unknown;
  /** Announced while others are on their way. */
  readonly #ahead: Coming[] = [];
  readonly #keeping: Promise<void>[] = [];

  constructor(
    readonly api: Api,
    readonly store: PhoneStore,
    readonly device: Device,
    readonly meta: Meta,
    readonly way: Way,
    readonly progress: Progress,
    readonly waiting: UploadRow[],
  ) {
    this.#bytes = meta.limits.chunkBytes;
  }

  /** One file after the other, until none waits or the round has failed. */
  async sendOneByOne(): Promise<void> {
    for (let next = this.#next(); next; next = this.#next()) {
      await this.#sendOrSay(next.row, next.begun).catch((reason) => this.#fail(reason));
    }
  }

  /** Everything that came back is kept; throws what ended the round. */
  async end(): Promise<void> {
    await Promise.all([...this.#keeping, ...this.#ahead.map((one) => one.begun.catch(() => undefined))]);
    if (this.#failed) throw this.#failed;
  }

  #fail(reason: unknown): void {
    this.#failed ??= reason;
  }

  #next(): Coming | undefined {
    if (this.#failed) return undefined;
    for (const row of this.waiting.splice(0, LANES + 1 - this.#ahead.length)) {
      const begun = this.#begin(row);
      // What goes wrong is heard when it is this file's turn.
      begun.catch(() => undefined);
      this.#ahead.push({ row, begun });
    }
    return this.#ahead.shift();
  }

  async #begin(row: UploadRow): Promise<Begun> {
    const original = await openOriginal(this.store, row.sha);
    return { original, told: original && (await this.#announce(row)) };
  }

  /** Send a file; what stands in the way of this file alone is noted at it. */
  async #sendOrSay(row: UploadRow, begun: Promise<Begun>): Promise<void> {
    this.#files += 1;
    try {
      const receipt = await this.#send(row, begun);
      // The next file is on its way while the receipt is checked and kept.
      if (receipt) this.#keeping.push(this.#keep(row, receipt).catch((reason) => this.#fail(reason)));
    } catch (reason) {
      if (!(reason instanceof Refused) || isForTheRound(reason)) throw reason;
      await noteStuck(this.store, row.sha, reason.problem.code);
    } finally {
      this.#files -= 1;
      this.progress(row.sha, null);
    }
  }

  /** The receipt; none if the bytes are not here or the round has ended. */
  async #send(row: UploadRow, begun: Promise<Begun>): Promise<Receipt | null> {
    const { original, told: first } = await begun;
    if (!original || !first) {
      await noteStuck(this.store, row.sha, "bytes-missing");
      return null;
    }
    let told = first;
    let restarts = 0;
    let stuck = row.stuck;
    while (!told.body?.receipt) {
      if (this.#failed) return null;
      const offset = offsetOf(told);
      this.progress(row.sha, offset);
      try {
        told = await this.#piece(row.sha, original, offset);
      } catch (reason) {
        if (!(reason instanceof Refused)) throw reason;
        if (reason.problem.code === "offset-differs") told = { status: 409, body: null, headers: reason.headers };
        else if (reason.problem.code === "hash-differs" && restarts++ < 1)
          told = await this.#afterWrongHash(row, original);
        else throw reason;
      }
      if (stuck) await noteMoving(this.store, row.sha);
      stuck = null;
    }
    return told.body.receipt;
  }

  async #announce(row: UploadRow): Promise<Answer<Told>> {
    const { sha, visitId, size, mime } = row;
    const { at, lat7, lon7, accuracyCm, item } = row.capture;
    const told = { visitId, size, mime, capture: { at, lat7, lon7, accuracyCm, item } };
    const signed = new TextEncoder().encode(canonical({ sha, ...told }));
    const json = { ...told, sig: await sign(this.device.privateKey, signed) };
    return authorised(this.way, this.device, (call) =>
      this.api.call<Told>(`/evidence/${sha}`, { method: "POST", json, ...call }),
    );
  }

  async #piece(sha: string, original: Original, offset: number): Promise<Answer<Told>> {
    const piece = await original.slice(offset, offset + Math.ceil(this.#bytes / this.#files));
    const headers = { "Content-Type": "application/partial-upload", "Upload-Offset": String(offset) };
    const begun = performance.now();
    const told = await authorised(this.way, this.device, (call) =>
      this.api.call<Told>(`/evidence/${sha}`, { method: "PATCH", bytes: piece, headers, ...call }),
    );
    const { chunkBytes, maxChunkBytes } = this.meta.limits;
    const quick = performance.now() - begun < QUICK_MS;
    this.#bytes = quick ? Math.min(maxChunkBytes, this.#bytes * 2) : Math.max(chunkBytes, this.#bytes / 2);
    return told;
  }

  /** The server got other bytes than the phone holds: if ours are still whole, start over; else say so and keep them. */
  async #afterWrongHash(row: UploadRow, original: Original): Promise<Answer<Told>> {
    if ((await original.sha()) === row.sha) return this.#announce(row);
    throw new Refused(422, { code: "corrupt-here", detail: "" }, new Headers());
  }

  async #keep(row: UploadRow, receipt: Receipt): Promise<void> {
    if (!(await isReceiptFor(receipt, row.sha, this.meta.receiptKeys)))
      return noteStuck(this.store, row.sha, "receipt-invalid");
    await keepFileReceipt(this.store, row.sha, receipt);
  }
}

function offsetOf(told: Answer<Told>): number {
  return Number(told.headers.get("Upload-Offset") ?? 0);
}
