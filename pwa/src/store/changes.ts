type Listener = () => void;

const listeners = new Set<Listener>();
const otherTabs = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("yaohao-changes");
otherTabs?.addEventListener("message", () => tell());

/** Hear of every durable write, from this tab or another. Returns the way to stop. */
export function onChange(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function announceChange(userId: number): void {
  tell();
  otherTabs?.postMessage(userId);
}

function tell(): void {
  for (const listener of listeners) listener();
}

const captureListeners = new Set<Listener>();

/** Hear of every new op on this phone: something waits to be sent. */
export function onCapture(listener: Listener): () => void {
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
