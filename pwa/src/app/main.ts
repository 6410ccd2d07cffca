import { mount } from "svelte";
import "../ui/look.css";
import App from "./App.svelte";

const root = document.getElementById("app");
if (root) mount(App, { target: root });
