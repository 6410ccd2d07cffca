import { mount } from "svelte";
import "../ui/look.css";
import "../ui/phone.css";
import { whyUnfit } from "@/device/environment";
import { applyPreferences, readPreferences } from "@/device/preferences";
import App from "./App.svelte";
import { registerWorker } from "./updates.svelte";

applyPreferences(readPreferences());
const root = document.getElementById("app");
if (root) mount(App, { target: root });
if (!whyUnfit()) void registerWorker();
