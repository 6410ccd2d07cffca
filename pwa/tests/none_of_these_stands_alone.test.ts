import { expect, it } from "vitest";
import { picked } from "../src/engine/choices";
import type { Item } from "../src/engine/form";

const choices = ["furnace", "pump", "noneOfThese"].map((value) => ({ value, label: value }));
const item = { id: "equipment", type: "multi", label: "", required: true, choices } as unknown as Item;

it("none of these puts out what was chosen", () => {
  expect(picked(item, ["furnace", "pump"], "noneOfThese", true)).toEqual(["noneOfThese"]);
});

it("another choice puts out none of these", () => {
  expect(picked(item, ["noneOfThese"], "pump", true)).toEqual(["pump"]);
});

it("choices keep the form's order and can be taken back", () => {
  expect(picked(item, ["pump"], "furnace", true)).toEqual(["furnace", "pump"]);
  expect(picked(item, ["furnace", "pump"], "furnace", false)).toEqual(["pump"]);
});
