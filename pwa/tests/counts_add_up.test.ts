import { expect, test } from "vitest";
import { restWords, type Tally } from "@/ui/tally";

const SUM: Tally = { total: 31, pass: 22, fail: 1, na: 0, other: 5, open: 3, disposals: [] };

test("what is neither pass, fail nor N/A is said, so that the counts add up", () => {
  expect(restWords(SUM)).toBe("，填写 5，未填 3");
  expect(SUM.pass + SUM.fail + SUM.na + SUM.other + SUM.open).toBe(SUM.total);
  expect(restWords({ ...SUM, other: 0, open: 0 })).toBe("");
});
