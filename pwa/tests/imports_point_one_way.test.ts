import { expect, test } from "vitest";

const sources = import.meta.glob<string>("../src/**/*.{ts,svelte}", { query: "?raw", import: "default", eager: true });

/** What each folder may use besides itself; features never use each other. */
const MAY_USE: Record<string, string[]> = {
  engine: [],
  store: ["engine"],
  sync: ["engine", "store"],
  device: ["engine", "store"],
  ui: ["engine", "store", "device", "sync/status"],
  features: ["engine", "store", "device", "ui", "sync/status"],
  app: ["engine", "store", "sync", "device", "ui", "features"],
  preview: ["engine", "store", "sync", "device", "ui", "features"],
};

function home(path: string): string {
  const [folder = "", feature = ""] = path.replace("../src/", "").split("/");
  return folder === "features" ? `features/${feature}` : folder;
}

test("imports point one way", () => {
  const wrong: string[] = [];
  for (const [path, text] of Object.entries(sources)) {
    const own = home(path);
    const allowed = MAY_USE[own.split("/")[0] ?? ""];
    if (!allowed) continue;
    for (const [, used = ""] of text.matchAll(/from "@\/([^"]+)"/g)) {
      const mine = used === own || used.startsWith(`${own}/`);
      if (!mine && !allowed.some((one) => used.startsWith(one))) wrong.push(`${path} uses ${used}`);
    }
  }
  expect(wrong).toEqual([]);
});
