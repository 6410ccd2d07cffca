import { type IDBPDatabase, type IDBPTransaction, openDB } from "idb";
import { announceChange } from "./changes";
import { type PhoneDatabase, STORES, type StoreName, upgrade, VERSION } from "./schema";

export type Reading = Pick<IDBPTransaction<PhoneDatabase, StoreName[], "readonly">, "objectStore">;
export type Writing = Pick<IDBPTransaction<PhoneDatabase, StoreName[], "readwrite">, "objectStore">;

/** The phone has no room left: nothing of this write was kept. */
export class PhoneFull extends Error {
  override name = "PhoneFull";
}

/** A newer version of the app has opened this database: this page must be opened anew before it can save again. */
export class PhoneOutdated extends Error {
  override name = "PhoneOutdated";
}

/** One person's own database on this phone. Every transaction goes through `read` or `write`, nothing else opens one. */
export class PhoneStore {
  readonly userId: number;
  #open: Promise<IDBPDatabase<PhoneDatabase>> | null = null;

  constructor(userId: number) {
    this.userId = userId;
  }

  read<T>(work: (transaction: Reading) => Promise<T>): Promise<T> {
    return this.#withDatabase((database) => work(database.transaction(STORES, "readonly"))).catch(sayPlainly);
  }

  /** Resolves at `oncomplete` of a strictly durable transaction: only then may a screen say 已保存. */
  async write<T>(work: (transaction: Writing) => Promise<T>): Promise<T> {
    const touched = new Set<StoreName>();
    const result = await this.#withDatabase(async (database) => {
      const transaction = database.transaction(STORES, "readwrite", { durability: "strict" });
      // A refused put aborts the transaction as well; the reason is told once, below.
      transaction.done.catch(() => undefined);
      const noted: Writing = {
        objectStore: (name) => {
          touched.add(name);
          return transaction.objectStore(name);
        },
      };
      const worked = await work(noted).catch((reason) => abandon(transaction, reason));
      await transaction.done;
      return worked;
    }).catch(sayPlainly);
    announceChange(touched);
    return result;
  }

  async meta<T>(name: string): Promise<T | undefined> {
    return this.read(async (transaction) => (await transaction.objectStore("meta").get(name)) as T | undefined);
  }

  async setMeta(name: string, value: unknown): Promise<void> {
    await this.write(async (transaction) => void (await transaction.objectStore("meta").put(value, name)));
  }

  /** Keep what no screen follows and no promise hangs on; it may still be gone after a power cut. */
  async jot(name: string, value: unknown): Promise<void> {
    await this.#withDatabase((database) => {
      const transaction = database.transaction("meta", "readwrite", { durability: "relaxed" });
      return Promise.all([transaction.store.put(value, name), transaction.done]);
    }).catch(sayPlainly);
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    (await open)?.close();
  }

  /** iOS closes databases behind the page's back: open again once and do the whole piece of work anew. */
  async #withDatabase<T>(work: (database: IDBPDatabase<PhoneDatabase>) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#database());
    } catch (reason) {
      if (!isLostConnection(reason)) throw reason;
      this.#open = null;
      return work(await this.#database());
    }
  }

  #database(): Promise<IDBPDatabase<PhoneDatabase>> {
    this.#open ??= openDB<PhoneDatabase>(`yaohao-${this.userId}`, VERSION, {
      upgrade: (database, from) => upgrade(database, from),
      blocking: () => void this.close(),
      terminated: () => {
        this.#open = null;
      },
    });
    this.#open.catch(() => {
      this.#open = null;
    });
    return this.#open;
  }
}

function abandon(transaction: { abort(): void }, reason: unknown): never {
  try {
    transaction.abort();
  } catch {
    // It was already over; the reason below is the one that counts.
  }
  throw reason;
}

function isLostConnection(reason: unknown): boolean {
  return reason instanceof DOMException && (reason.name === "InvalidStateError" || reason.name === "UnknownError");
}

function sayPlainly(reason: unknown): never {
  const name = reason instanceof DOMException ? reason.name : "";
  if (name === "QuotaExceededError") throw new PhoneFull("the phone has no room left", { cause: reason });
  if (name === "VersionError") throw new PhoneOutdated("a newer version is open", { cause: reason });
  throw reason;
}
