/** How often each thing happened, over all schedules of a run: a fault that never came proves nothing. */
const counts = new Map<string, number>();

export function happened(what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1);
}

export function tally(): Record<string, number> {
  return Object.fromEntries([...counts].sort());
}
