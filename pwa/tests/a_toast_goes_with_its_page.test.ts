import { beforeAll, beforeEach, expect, test, vi } from "vitest";

const place = { hash: "#/visit/a/checklist/1/x" };
const heard = new Map<string, () => void>();
vi.stubGlobal("location", place);
vi.stubGlobal("history", {
  replaceState: (_: null, __: string, hash: string) => Object.assign(place, { hash }),
});
vi.stubGlobal("addEventListener", (name: string, listener: () => void) => heard.set(name, listener));
let toast: typeof import("@/ui/toast.svelte").toast;
let go: typeof import("@/ui/route.svelte").go;

beforeAll(async () => {
  ({ go } = await import("@/ui/route.svelte"));
  ({ toast } = await import("@/ui/toast.svelte"));
});
beforeEach(() => go("#/visit/a/checklist/1/x", true));

async function saved() {
  toast.show("已保存");
  await Promise.resolve();
}

test("what is said on the way to a page is read there", () => {
  toast.show("已提交");
  go("#/today", true);
  expect(toast.shown?.words).toBe("已提交");
});

test("another question of the same checklist leaves it, with its undo", async () => {
  await saved();
  go("#/visit/a/checklist/1/y", true);
  expect(toast.shown?.words).toBe("已保存");
});

test("a link to another page takes it away", async () => {
  await saved();
  place.hash = "#/visit/a/record";
  heard.get("hashchange")?.();
  expect(toast.shown).toBeNull();
});
