import { expect, test } from "vitest";
import type { Item } from "@/engine/form";
import { sharedQuestions } from "@/engine/shared";

const item = (id: string, label: string, more: Partial<Item> = {}): Item => ({
  id,
  type: "check",
  label,
  required: true,
  photo: "never",
  relevant: null,
  ...more,
});

test("the same words for the same kind of answer are one question of all its matters", () => {
  const [first, second] = [item("a", "营业执照与实际一致", { severity: "minor" }), item("x", "营业执照与实际一致")];
  const shared = sharedQuestions([
    { matterId: 1, items: [first, item("b", "别的")] },
    { matterId: 2, items: [second] },
  ]);
  const paths = ["/matters/1/items/a", "/matters/2/items/x"];
  expect(shared.get(paths[0] as string)).toEqual(paths);
  expect(shared.get(paths[1] as string)).toEqual(paths);
  expect(shared.size).toBe(2);
});

test("another kind of answer, or other bounds, is another question", () => {
  const shared = sharedQuestions([
    { matterId: 1, items: [item("a", "用能量", { type: "number", max: "10" }), item("b", "说明", { type: "text" })] },
    { matterId: 2, items: [item("a", "用能量", { type: "number", max: "20" }), item("b", "说明")] },
  ]);
  expect(shared.size).toBe(0);
});
