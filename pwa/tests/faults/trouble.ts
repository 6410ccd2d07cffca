import { AsyncLocalStorage } from "node:async_hooks";
import "fake-indexeddb/auto";
import { happened } from "./tally";

/** What befalls the databases and clocks of single phones while others in the same process go on undisturbed. */
const full = new Set<string>();
const dying = new Set<string>();

/** What a page believes: the time, and which version of the app it is (0 for the one under test, then the ones after it). */
export interface Page {
  skewMs: number;
  version: number;
}
const pages = new AsyncLocalStorage<Page>();

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

export function onPage<T>(page: Page, work: () => Promise<T>): Promise<T> {
  return pages.run(page, work);
}

const realNow = Date.now.bind(Date);
Date.now = () => realNow() + (pages.getStore()?.skewMs ?? 0);

for (const name of ["put", "add"] as const) {
  const real = IDBObjectStore.prototype[name];
  IDBObjectStore.prototype[name] = function (this: IDBObjectStore, ...given: Parameters<typeof real>) {
    const database = this.transaction.db.name;
    if (full.has(database)) {
      happened("phone full");
      throw new DOMException("no room", "QuotaExceededError");
    }
    const done = real.apply(this, given);
    if (this.name === "ops" && dying.delete(database)) {
      happened("page killed in the middle of a write");
      this.transaction.abort();
    }
    return done;
  };
}

/** A later version of the app opens the same database under a higher number and lays one more store; so migrations are. */
const realOpen = IDBFactory.prototype.open;
IDBFactory.prototype.open = function (this: IDBFactory, name: string, version?: number) {
  const later = pages.getStore()?.version ?? 0;
  const request = realOpen.call(this, name, version === undefined ? undefined : version + later);
  request.addEventListener("upgradeneeded", () => {
    for (let n = 1; n <= later; n++) {
      const laid = request.result.objectStoreNames.contains(`later-${n}`);
      if (!laid) request.result.createObjectStore(`later-${n}`);
    }
  });
  return request;
};
