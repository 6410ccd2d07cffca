import { onChange, type Touched } from "./changes";
import { STORES, type StoreName } from "./schema";

/**
 * A reading that follows every durable write to the stores it is made of; writes that come while it reads are read
 * together afterwards. `read` may use reactive values before its first await, and gets what it found before.
 */
export function live<T>(
  of: readonly StoreName[],
  read: (touched: Touched, before: T | undefined) => Promise<T>,
): { readonly current: T | undefined } {
  let current = $state.raw<T>();
  $effect(() => {
    let behind = new Set<StoreName>(STORES);
    let found: T | undefined;
    let reading = false;
    let stopped = false;
    const refresh = async () => {
      if (reading) return;
      reading = true;
      try {
        while (behind.size && !stopped) {
          const touched = behind;
          behind = new Set();
          found = await read(touched, found).catch((reason) => {
            behind = new Set([...behind, ...touched]);
            throw reason;
          });
          if (!stopped) current = found;
        }
      } finally {
        reading = false;
      }
    };
    const stop = onChange((touched) => {
      for (const name of of) if (touched.has(name)) behind.add(name);
      if (behind.size) queueMicrotask(refresh);
    });
    void refresh();
    return () => {
      stopped = true;
      stop();
    };
  });
  return {
    get current() {
      return current;
    },
  };
}
