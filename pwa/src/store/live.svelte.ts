import { onChange } from "./changes";

/** A reading that follows every durable write. `read` may use reactive values before its first await. */
export function live<T>(read: () => Promise<T>): { readonly current: T | undefined } {
  let current = $state.raw<T>();
  $effect(() => {
    let latest = 0;
    let stale = false;
    const refresh = async () => {
      const mine = ++latest;
      stale = false;
      const found = await read();
      if (mine === latest) current = found;
    };
    const stop = onChange(() => {
      if (stale) return;
      stale = true;
      queueMicrotask(refresh);
    });
    void refresh();
    return () => {
      latest = Number.NaN;
      stop();
    };
  });
  return {
    get current() {
      return current;
    },
  };
}
