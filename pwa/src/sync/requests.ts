/** A press on 立即同步: whoever runs the schedule hears it. */
const listeners = new Set<() => void>();

export function askForSync(): void {
  for (const listener of listeners) listener();
}

export function onSyncAsked(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
