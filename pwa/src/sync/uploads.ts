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
type Progress = (sha: string, sent: number, size: number) => void;

const QUICK_MS = 1_000;

/** Send the bytes of every file that has no receipt: photos before video, small before large. One stuck file never holds up the next. */
export async function uploadAll(
  api: Api,
  store: PhoneStore,
  device: Device,
  meta: Meta,
  way: Way,
  progress: Progress,
): Promise<void> {
  for (const row of await waitingUploads(store)) {
    try {
      await new Upload(api, store, device, meta, way, progress).send(row);
    } catch (reason) {
      if (!(reason instanceof Refused) || isForTheRound(reason)) throw reason;
      await noteStuck(
        store,
        row.sha,
        reason.problem.code === `http-${reason.status}` ? `http-${reason.status}` : reason.problem.code,
      );
    }
  }
}

/** What concerns every call, not this file: come back later with everything. */
function isForTheRound(reason: Refused): boolean {
  return isSessionOver(reason) || [401, 426, 429, 503].includes(reason.status);
}

class Upload {
  #chunk: number;

  constructor(
    readonly api: Api,
    readonly store: PhoneStore,
    readonly device: Device,
    readonly meta: Meta,
    readonly way: Way,
    readonly progress: Progress,
  ) {
    this.#chunk = meta.limits.chunkBytes;
  }

  async send(row: UploadRow): Promise<void> {
    const original = await openOriginal(this.store, row.sha);
    if (!original) return noteStuck(this.store, row.sha, "bytes-missing");
    let told = await this.#announce(row);
    let restarts = 0;
    while (!told.body?.receipt) {
      const offset = offsetOf(told);
      this.progress(row.sha, offset, row.size);
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
    const piece = await original.slice(offset, offset + this.#chunk);
    const headers = { "Content-Type": "application/partial-upload", "Upload-Offset": String(offset) };
    const begun = performance.now();
    const told = await authorised(this.way, this.device, (call) =>
      this.api.call<Told>(`/evidence/${sha}`, { method: "PATCH", bytes: piece, headers, ...call }),
    );
    const quick = performance.now() - begun < QUICK_MS;
    this.#chunk = Math.min(this.meta.limits.maxChunkBytes, quick ? this.#chunk * 2 : this.meta.limits.chunkBytes);
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
