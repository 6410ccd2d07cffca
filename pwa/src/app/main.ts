import { mount } from "svelte";
import "../ui/look.css";
import "../ui/phone.css";
import { whyUnfit } from "@/device/environment";
import { applyPreferences, readPreferences } from "@/device/preferences";
import { speak } from "@/engine/language";
import App from "./App.svelte";
import { registerWorker } from "./updates.svelte";

const preferences = readPreferences();
applyPreferences(preferences);
void begin(document.getElementById("app"));

/** Chinese is in the source; another language is fetched, from the worker's own shelf where there is no signal. */
async function begin(root: HTMLElement | null): Promise<void> {
  if (preferences.language === "en") speak((await import("@/languages/en")).english);
  if (root) mount(App, { target: root });
  if (!whyUnfit()) void registerWorker();
}
