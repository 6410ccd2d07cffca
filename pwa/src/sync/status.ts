/** What the sync is doing right now; what waits is read from the store. */
export interface SyncState {
  phase: "idle" | "working";
  /** Whether the server was reached at the last attempt; null before the first. */
  reached: boolean | null;
  sessionOver: boolean;
  tooOld: boolean;
  problem: string | null;
  lastOkAt: number | null;
  nextTryAt: number | null;
  uploading: { sha: string; sent: number; size: number } | null;
}

type Listener = (state: SyncState) => void;

const FRESH: SyncState = {
  phase: "idle",
  reached: null,
  sessionOver: false,
  tooOld: false,
  problem: null,
  lastOkAt: null,
  nextTryAt: null,
  uploading: null,
};

let state: SyncState = FRESH;
const listeners = new Set<Listener>();

export function syncState(): SyncState {
  return state;
}

export function noteSync(change: Partial<SyncState>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener(state);
}

export function onSync(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const askedListeners = new Set<() => void>();

/** A press on 立即同步: whoever runs the schedule hears it. */
export function askForSync(): void {
  for (const listener of askedListeners) listener();
}

export function onSyncAsked(listener: () => void): () => void {
  askedListeners.add(listener);
  return () => askedListeners.delete(listener);
}
