import { canonical } from "@/engine/canonical";
import { isReceiptFor, type Receipt, sign } from "@/engine/keys";
import type { PhoneStore } from "@/store/database";
import type { Device } from "@/store/device";
import { keepFileReceipt, noteProgress, noteStuck, waitingUploads } from "@/store/files";
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
const QUICK_MS = 300;

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
  const upload = new Upload(api, store, device, meta, way, progress);
  let failed: unknown;
  const lane = async () => {
    for (let row = waiting.shift(); row && !failed; row = waiting.shift()) {
      await upload
        .sendOrSay(row, () => failed !== undefined)
        .catch((reason) => {
          failed ??= reason;
        });
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  if (failed) throw failed;
}

/** What concerns every call, not this file: come back later with everything. */
function isForTheRound(reason: Refused): boolean {
  return isSessionOver(reason) || [401, 426, 429, 503].includes(reason.status);
}

class Upload {
  /** On their way at once, shared by the files that are. */
  #bytes: number;
  #files = 0;

  constructor(
    readonly api: Api,
    readonly store: PhoneStore,
    readonly device: Device,
    readonly meta: Meta,
    readonly way: Way,
    readonly progress: Progress,
  ) {
    this.#bytes = meta.limits.chunkBytes;
  }

  /** Send a file; what stands in the way of this file alone is noted at it. */
  async sendOrSay(row: UploadRow, over: () => boolean): Promise<void> {
    this.#files += 1;
    try {
      await this.send(row, over);
    } catch (reason) {
      if (!(reason instanceof Refused) || isForTheRound(reason)) throw reason;
      await noteStuck(this.store, row.sha, reason.problem.code);
    } finally {
      this.#files -= 1;
      this.progress(row.sha, null);
    }
  }

  async send(row: UploadRow, over: () => boolean): Promise<void> {
    const original = await openOriginal(this.store, row.sha);
    if (!original) return noteStuck(this.store, row.sha, "bytes-missing");
    let told = await this.#announce(row);
    let restarts = 0;
    while (!told.body?.receipt) {
      if (over()) return;
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
      await noteProgress(this.store, row.sha, told.body?.receipt ? row.size : offsetOf(told));
    }
    await this.#keep(row, told.body.receipt);
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
    const quick = (performance.now() - begun) * this.#files < QUICK_MS;
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
