/// <reference lib="webworker" />
import { cleanupOutdatedCaches, precacheAndRoute } from "workbox-precaching";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: { url: string; revision: string | null }[] };

// The whole shell is here before it is needed: the app opens without signal.
precacheAndRoute(self.__WB_MANIFEST, { directoryIndex: "index.html", cleanURLs: false });
cleanupOutdatedCaches();

self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// Only a person's press in the app sends this, and never during a visit.
self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
});

// A wake-up only: an open page does the work.
self.addEventListener("sync", (event) => {
  (event as ExtendableEvent).waitUntil(wakePages());
});

async function wakePages(): Promise<void> {
  for (const page of await self.clients.matchAll({ type: "window" })) page.postMessage("sync");
}
