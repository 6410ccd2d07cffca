import { say } from "@/engine/language";
import { onCapture } from "@/store/changes";
import type { PhoneStore } from "@/store/database";
import { type Api, NoSignal, Refused } from "./api";
import { syncOnce, TooOld } from "./round";
import { noteSync } from "./status";
import { isSessionOver } from "./way";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 300_000;
const AFTER_A_CHANGE_MS = 400;

/** Runs rounds on open, online, return to the page, after each write and by a timer; never two at once, whatever the tab. */
export class SyncSchedule {
  readonly #api: Api;
  readonly #store: PhoneStore;
  readonly #stopped = new AbortController();
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #again = false;
  #asked = false;

  constructor(api: Api, store: PhoneStore) {
    this.#api = api;
    this.#store = store;
  }

  start(): void {
    const { signal } = this.#stopped;
    const now = () => void this.now();
    addEventListener("online", now, { signal });
    addEventListener("offline", () => noteSync({ reached: false }), { signal });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && now(), { signal });
    navigator.serviceWorker?.addEventListener("message", now, { signal });
    const deaf = onCapture(() => this.#afterCapture());
    signal.addEventListener("abort", deaf);
    now();
  }

  stop(): void {
    this.#stopped.abort();
    clearTimeout(this.#timer);
  }

  /** Try at once; a press while a round runs makes one more follow. */
  async now(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    this.#again = false;
    try {
      await afterOtherTabs(() => this.#round());
    } catch {
      // The browser gave no turn, as to a page that is being put to sleep: ask again, should it wake.
      this.#wait(LONGEST_WAIT_MS);
    } finally {
      this.#running = false;
    }
    if (this.#again && this.#failures === 0) this.#wait(AFTER_A_CHANGE_MS);
  }

  #afterCapture(): void {
    if (!this.#asked) void askToBeWoken();
    this.#asked = true;
    if (this.#running) this.#again = true;
    else if (this.#failures === 0 && navigator.onLine) this.#wait(AFTER_A_CHANGE_MS);
  }

  async #round(): Promise<void> {
    // Whoever left this page while another tab had the turn sends nothing any more.
    if (this.#stopped.signal.aborted) return;
    noteSync({ phase: "working" });
    this.#asked = false;
    try {
      const { sessionOver } = await syncOnce(this.#api, this.#store);
      this.#failures = 0;
      noteSync({ reached: true, sessionOver, tooOld: false, problem: null, lastOkAt: Date.now() });
      this.#wait(LONGEST_WAIT_MS);
    } catch (reason) {
      this.#failures += 1;
      noteSync(whatFailed(reason));
      this.#wait(retryAfter(reason) ?? fullJitter(this.#failures));
    } finally {
      noteSync({ phase: "idle", uploading: new Map() });
    }
  }

  #wait(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (this.#stopped.signal.aborted) return;
    noteSync({ nextTryAt: Date.now() + milliseconds });
    this.#timer = setTimeout(() => void this.now(), milliseconds);
  }
}

/** A random wait below a ceiling that doubles from one second to five minutes. */
export function fullJitter(failures: number, random = Math.random()): number {
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 20));
  return Math.max(FIRST_WAIT_MS / 2, random * ceiling);
}

function whatFailed(reason: unknown) {
  if (reason instanceof NoSignal) return { reached: false, problem: null };
  if (reason instanceof TooOld) return { reached: true, tooOld: true, problem: null };
  if (isSessionOver(reason)) return { reached: true, sessionOver: true, problem: null };
  const problem =
    reason instanceof Refused
      ? reason.problem.detail || say("服务器答复 {0}", reason.status)
      : say("同步没有做完，内容都在本机。");
  return { reached: true, problem };
}

function retryAfter(reason: unknown): number | null {
  if (!(reason instanceof Refused) || (reason.status !== 429 && reason.status !== 503)) return null;
  const seconds = Number(reason.headers.get("Retry-After"));
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : null;
}

/** Where there is Background Sync, the worker wakes this page when signal returns; it does no work itself. */
async function askToBeWoken(): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const waking = (registration as unknown as { sync?: { register(tag: string): Promise<void> } } | undefined)?.sync;
  await waking?.register("yaohao-sync").catch(() => undefined);
}

/** One round at a time on this phone. A tab that is closed in the middle of its round leaves the turn to the next at once. */
async function afterOtherTabs(round: () => Promise<void>): Promise<void> {
  if (!("locks" in navigator)) return round();
  await navigator.locks.request("yaohao-sync", round);
}
