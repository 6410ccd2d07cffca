import { expect, test } from "vitest";
import { type Progress, stepsOf } from "@/engine/steps";
import { fullJitter } from "@/sync/schedule";

const FRESH: Progress = {
  status: "dispatched",
  submittedHere: false,
  noticeName: "检查通知书",
  certificatesAt: null,
  noticeAt: null,
  answered: 0,
  total: 38,
  checklistGaps: 38,
  toMend: 0,
  missingPhotos: 0,
  conflicts: 0,
  recordGaps: 3,
  signaturesMissing: ["赵示例", "当事人"],
  submittedAt: null,
};
const CHECKED = { ...FRESH, certificatesAt: "09:30", noticeAt: "09:34", answered: 38, checklistGaps: 0, recordGaps: 0 };
const states = (progress: Progress) => stepsOf(progress).map((step) => step.state);
const noteOf = (progress: Progress, key: string) => stepsOf(progress).find((step) => step.key === key)?.note;

test("a fresh visit begins at the door; signing and submitting are locked", () => {
  expect(states(FRESH)).toEqual(["now", "open", "open", "open", "locked", "locked"]);
  expect(noteOf(FRESH, "signing")).toBe("出示证件、送达检查通知书后可签");
  expect(noteOf({ ...CHECKED, checklistGaps: 2, missingPhotos: 1 }, "signing")).toBe("检查表答完后可签");
});

test("a whole document opens signing, and signatures open submitting", () => {
  expect(states(CHECKED)).toEqual(["done", "done", "done", "done", "now", "locked"]);
  expect(noteOf(CHECKED, "signing")).toBe("还差：赵示例、当事人");
  expect(states({ ...CHECKED, signaturesMissing: [] }).at(-1)).toBe("now");
});

test("two answers to one question lock signing until a person has chosen", () => {
  expect(noteOf({ ...CHECKED, conflicts: 1 }, "signing")).toBe("选定两人不同的答案后可签");
  expect(states({ ...CHECKED, conflicts: 1 }).slice(2)).toEqual(["now", "done", "locked", "locked"]);
});

test("what the leader sent back must be mended before anyone signs again", () => {
  const returned: Progress = { ...CHECKED, status: "returned", toMend: 1, signaturesMissing: [] };
  expect(states(returned).slice(2)).toEqual(["now", "done", "locked", "locked"]);
  expect(noteOf(returned, "signing")).toBe("退回的项改好后可签");
});

test("a visit handed over without signal counts as submitted on this phone", () => {
  expect(states({ ...CHECKED, signaturesMissing: [], submittedHere: true, submittedAt: "11:40" })).toEqual(
    Array(6).fill("done"),
  );
});

test("waits grow from a second to five minutes, with full jitter", () => {
  expect(fullJitter(1, 1)).toBe(2_000);
  expect(fullJitter(5, 0.5)).toBe(16_000);
  expect(fullJitter(30, 1)).toBe(300_000);
  expect(fullJitter(30, 0)).toBe(500);
});
