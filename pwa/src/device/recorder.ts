import type { Capture } from "@/engine/documents";
import type { PhoneStore } from "@/store/database";
import { dropAbandoned, Incoming, PIECE_BYTES, resume } from "@/store/originals";
import { captureNow, finish, leaveRoom, makingRoom, mimeOf, type Subject } from "./camera";

export type Kind = "audio" | "video";

/** A recording under way, as it is remembered: what is left of it after the page was killed is still evidence. */
interface Begun {
  owner: string;
  subject: Subject;
  mime: string;
  capture: Capture;
}

const EVERY_MS = 2_000;
const ROOM_TO_BEGIN = 30 * 1024 ** 2;
const NAME = "recording/";
const TYPES: Record<Kind, string[]> = {
  audio: ["audio/mp4", "audio/webm;codecs=opus", "audio/webm"],
  video: ["video/mp4", "video/webm;codecs=vp8,opus", "video/webm"],
};

/** Whether this browser records by itself; else the person takes the phone's own recorder and hands over its file. */
export function canRecord(): boolean {
  return typeof MediaRecorder !== "undefined" && Boolean(navigator.mediaDevices?.getUserMedia);
}

/** Sound or film straight onto this phone's disk, two seconds and at most 1 MiB at a time. */
export class Recording {
  failed: unknown = null;
  readonly begunAt = Date.now();
  readonly #store: PhoneStore;
  readonly #begun: Begun;
  readonly #incoming: Incoming;
  readonly #recorder: MediaRecorder;
  #writing: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;

  private constructor(
    store: PhoneStore,
    begun: Begun,
    incoming: Incoming,
    recorder: MediaRecorder,
    readonly stream: MediaStream,
  ) {
    this.#store = store;
    this.#begun = begun;
    this.#incoming = incoming;
    this.#recorder = recorder;
  }

  /** Begin; throws PhoneFull where films are refused already, or what the browser says when the microphone is not allowed. */
  static async begin(store: PhoneStore, subject: Subject, kind: Kind): Promise<Recording> {
    await leaveRoom(store, ROOM_TO_BEGIN);
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: true,
      video: kind === "video" ? { facingMode: "environment", width: { ideal: 1280 } } : false,
    });
    const mimeType = TYPES[kind].find((one) => MediaRecorder.isTypeSupported(one));
    const recorder = new MediaRecorder(stream, { ...(mimeType && { mimeType }), videoBitsPerSecond: 2_500_000 });
    const incoming = new Incoming(store);
    const mime = mimeOf(recorder.mimeType || mimeType || `${kind}/webm`);
    const begun = {
      owner: incoming.owner,
      subject: { ...subject, alsoAt: [...(subject.alsoAt ?? [])] },
      mime,
      capture: captureNow(),
    };
    await store.setMeta(NAME + incoming.owner, begun);
    const recording = new Recording(store, begun, incoming, recorder, stream);
    recording.#hold();
    recorder.addEventListener("dataavailable", (event) => recording.#keep(event.data));
    recorder.start(EVERY_MS);
    return recording;
  }

  get bytes(): number {
    return this.#incoming.size;
  }

  /** End, and make it evidence; answers with its SHA-256. */
  async stop(): Promise<string> {
    if (this.#recorder.state !== "inactive") {
      const ended = new Promise((tell) => this.#recorder.addEventListener("stop", tell, { once: true }));
      this.#recorder.stop();
      await ended;
    }
    for (const track of this.stream.getTracks()) track.stop();
    await this.#writing;
    try {
      return await conclude(this.#store, this.#begun, this.#incoming);
    } finally {
      this.#release();
    }
  }

  #keep(data: Blob): void {
    this.#writing = this.#writing
      .then(async () => {
        for (let from = 0; from < data.size && this.failed === null; from += PIECE_BYTES) {
          const bytes = await data.slice(from, from + PIECE_BYTES).arrayBuffer();
          await makingRoom(this.#store, bytes.byteLength, () => this.#incoming.add(bytes));
        }
      })
      .catch((reason: unknown) => {
        // What was kept before stays evidence; nothing that comes after a hole is added to it.
        this.failed = reason;
        if (this.#recorder.state !== "inactive") this.#recorder.stop();
      });
  }

  /** Let other tabs know that this recording still has its page. */
  #hold(): void {
    const released = new Promise<void>((tell) => {
      this.#release = tell;
    });
    void navigator.locks?.request(NAME + this.#begun.owner, () => released);
  }
}

/** Make evidence of every recording whose page was killed; answers how many. */
export async function finishInterrupted(store: PhoneStore): Promise<number> {
  const left = await store.read(async (transaction) => {
    const names = (await transaction.objectStore("meta").getAllKeys()).filter((name) => name.startsWith(NAME));
    return Promise.all(names.map((name) => transaction.objectStore("meta").get(name) as Promise<Begun>));
  });
  let finished = 0;
  for (const begun of left) finished += await inNoOtherTab(NAME + begun.owner, () => finishOne(store, begun));
  await dropAbandoned(store, Date.now(), new Set(left.map((begun) => begun.owner)));
  return finished;
}

async function finishOne(store: PhoneStore, begun: Begun): Promise<number> {
  const incoming = await resume(store, begun.owner);
  if (incoming.size) await conclude(store, begun, incoming);
  else await forget(store, begun);
  return incoming.size ? 1 : 0;
}

async function conclude(store: PhoneStore, begun: Begun, incoming: Incoming): Promise<string> {
  const sha = await finish(store, begun.subject, incoming, begun.mime, begun.capture);
  await forget(store, begun);
  return sha;
}

async function forget(store: PhoneStore, begun: Begun): Promise<void> {
  await store.write((transaction) => transaction.objectStore("meta").delete(NAME + begun.owner));
}

async function inNoOtherTab(name: string, work: () => Promise<number>): Promise<number> {
  if (!navigator.locks) return work();
  return navigator.locks.request(name, { ifAvailable: true }, (lock) => (lock ? work() : 0));
}
