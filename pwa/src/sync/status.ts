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
  /** How many bytes of each file on its way have arrived, by its SHA-256. */
  uploading: ReadonlyMap<string, number>;
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
  uploading: new Map(),
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

/** How far a file has come; null when it is on its way no more. */
export function noteUpload(sha: string, sent: number | null): void {
  const uploading = new Map(state.uploading);
  if (sent === null) uploading.delete(sha);
  else uploading.set(sha, sent);
  noteSync({ uploading });
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
