import { expect, test } from "vitest";
import { remainingWords } from "@/ui/words";

test("before its first day a deadline says how long it is, as many days as its ruler has cells", () => {
  expect(remainingWords(23, 5)).toBe("还没起算，共 5 个工作日");
  expect(remainingWords(5, 5)).toBe("剩 5 个工作日");
});

test("on its last day and after it, it says so", () => {
  expect(remainingWords(0, 5)).toBe("今天截止");
  expect(remainingWords(-2, 5)).toBe("已超 2 个工作日");
});
