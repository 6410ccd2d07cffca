import type { StoreName } from "./schema";

/** The stores that a write opened. */
export type Touched = ReadonlySet<StoreName>;

const listeners = new Set<(touched: Touched) => void>();
const otherTabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("yaohao-changes");
otherTabs?.addEventListener("message", (event: MessageEvent<Touched>) => tell(event.data));

/** Hear of every durable write, from this tab or another. Returns the way to stop. */
export function onChange(listener: (touched: Touched) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function announceChange(touched: Touched): void {
  tell(touched);
  otherTabs?.postMessage(touched);
}

function tell(touched: Touched): void {
  for (const listener of listeners) listener(touched);
}

const captureListeners = new Set<() => void>();

/** Hear of every new op on this phone: something waits to be sent. */
export function onCapture(listener: () => void): () => void {
  captureListeners.add(listener);
  return () => captureListeners.delete(listener);
}

export function announceCapture(): void {
  for (const listener of captureListeners) listener();
}

/** How saving goes: how many writes are under way, and whether the last one was kept. */
export interface Saving {
  underWay: number;
  failed: unknown;
}

let saving: Saving = { underWay: 0, failed: null };
const savingListeners = new Set<(state: Saving) => void>();

export function onSaving(listener: (state: Saving) => void): () => void {
  savingListeners.add(listener);
  listener(saving);
  return () => savingListeners.delete(listener);
}

/** Something stands on the screen that is not kept yet: until the answer is called, no screen says it is. */
export function notKeptYet(): () => void {
  note({ ...saving, underWay: saving.underWay + 1 });
  let over = false;
  return () => {
    if (!over) note({ ...saving, underWay: saving.underWay - 1 });
    over = true;
  };
}

/** Let the screens follow a write from its begin to its durable end. */
export async function whileSaving<T>(work: Promise<T>): Promise<T> {
  note({ underWay: saving.underWay + 1, failed: saving.failed });
  try {
    const done = await work;
    note({ underWay: saving.underWay - 1, failed: null });
    return done;
  } catch (reason) {
    note({ underWay: saving.underWay - 1, failed: reason });
    throw reason;
  }
}

function note(state: Saving): void {
  saving = state;
  for (const listener of savingListeners) listener(state);
}
