import { AsyncLocalStorage } from "node:async_hooks";
import "fake-indexeddb/auto";

/** What befalls the databases and clocks of single phones while others in the same process go on undisturbed. */
const full = new Set<string>();
const dying = new Set<string>();
const clocks = new AsyncLocalStorage<{ skewMs: number }>();

export function fillUp(userId: number, isFull: boolean): void {
  const name = `yaohao-${userId}`;
  if (isFull) full.add(name);
  else full.delete(name);
}

/** The page is killed in the middle of its next write. */
export function killInNextWrite(userId: number): void {
  dying.add(`yaohao-${userId}`);
}

export function spare(userId: number): void {
  dying.delete(`yaohao-${userId}`);
}

export function withClock<T>(clock: { skewMs: number }, work: () => Promise<T>): Promise<T> {
  return clocks.run(clock, work);
}

const realNow = Date.now.bind(Date);
Date.now = () => realNow() + (clocks.getStore()?.skewMs ?? 0);

for (const name of ["put", "add"] as const) {
  const real = IDBObjectStore.prototype[name];
  IDBObjectStore.prototype[name] = function (this: IDBObjectStore, ...given: Parameters<typeof real>) {
    const database = this.transaction.db.name;
    if (full.has(database)) throw new DOMException("no room", "QuotaExceededError");
    const done = real.apply(this, given);
    if (this.name === "ops" && dying.delete(database)) this.transaction.abort();
    return done;
  };
}
