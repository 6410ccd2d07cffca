import { route } from "@/ui/route.svelte";

let waiting = $state.raw<ServiceWorker | null>(null);

/** A newer version that waits. It is offered, never taken in the middle of a visit. */
export const updates = {
  get offer(): (() => void) | null {
    const worker = waiting;
    return worker && route.parts[0] !== "visit" ? () => worker.postMessage("take over") : null;
  },
};

export async function registerWorker(): Promise<void> {
  const registration = await navigator.serviceWorker.register("/app/sw.js", { scope: "/app/" });
  if (navigator.serviceWorker.controller) waiting = registration.waiting;
  follow(registration.installing);
  registration.addEventListener("updatefound", () => follow(registration.installing));
  let taken = !navigator.serviceWorker.controller;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The first worker takes a page that had none: nothing to reload.
    if (!taken) location.reload();
    taken = false;
  });
}

/** A worker that becomes ready beside the one in charge is a newer version. */
function follow(worker: ServiceWorker | null): void {
  worker?.addEventListener("statechange", () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller) waiting = worker;
  });
}
