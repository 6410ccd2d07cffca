import { mount } from "svelte";
import "../ui/look.css";
import "../ui/phone.css";
import { applyPreferences, readPreferences } from "@/device/preferences";
import { speak } from "@/engine/language";
import Preview from "./Preview.svelte";

void begin(document.getElementById("app"));

async function begin(root: HTMLElement | null): Promise<void> {
  const asked = new URLSearchParams(location.search);
  applyPreferences({ ...readPreferences(), text: "usual", hand: "right" });
  if (asked.get("language") === "en") speak((await import("@/languages/en")).english);
  if (root) mount(Preview, { target: root, props: { address: asked.get("form") ?? "" } });
}
