import { onSync, type SyncState, syncState } from "./status";

let seen = $state.raw<SyncState>(syncState());
let online = $state(typeof navigator === "undefined" || navigator.onLine);

onSync((state) => {
  seen = state;
});
addEventListener("online", () => {
  online = true;
});
addEventListener("offline", () => {
  online = false;
});

/** The state of the sync for the screens. */
export const sync = {
  get state() {
    return seen;
  },
  get hasSignal() {
    return online && seen.reached !== false;
  },
};
