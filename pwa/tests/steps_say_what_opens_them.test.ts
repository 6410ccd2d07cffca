import { expect, test } from "vitest";
import { type Progress, stepsOf, type Work } from "@/engine/steps";
import { fullJitter } from "@/sync/schedule";

const work = (key: Work["key"], name: string, missing: number): Work => ({ key, name, missing, note: "" });
const WORKS = [
  work("certificates", "到场、出示证件", 2),
  work("checklist", "检查表", 38),
  work("record", "现场笔录", 3),
];
const FRESH: Progress = { works: WORKS, handedOver: false, submittedAt: null, signaturesMissing: ["赵示例", "当事人"] };
const CHECKED: Progress = { ...FRESH, works: WORKS.map((one) => ({ ...one, missing: 0 })) };
const states = (progress: Progress) => stepsOf(progress).map((step) => step.state);
const noteOf = (progress: Progress, key: string) => stepsOf(progress).find((step) => step.key === key)?.note;

test("a fresh visit begins with its first step; signing and submitting are locked and say what opens them", () => {
  expect(states(FRESH)).toEqual(["now", "open", "open", "locked", "locked"]);
  expect(noteOf(FRESH, "signing")).toBe("到场、出示证件、检查表、现场笔录办完后可签");
});

test("a whole document opens signing, and signatures open submitting", () => {
  expect(states(CHECKED)).toEqual(["done", "done", "done", "now", "locked"]);
  expect(noteOf(CHECKED, "signing")).toBe("还差：赵示例、当事人");
  expect(states({ ...CHECKED, signaturesMissing: [] }).at(-1)).toBe("now");
});

test("work that opens again, by a conflict or a return, locks signing even if everybody had signed", () => {
  const again = { ...CHECKED, signaturesMissing: [], works: [work("checklist", "检查表", 1)] };
  expect(states(again)).toEqual(["now", "locked", "locked"]);
  expect(noteOf(again, "signing")).toBe("检查表办完后可签");
});

test("a visit handed over without signal counts as submitted on this phone", () => {
  const done = { ...CHECKED, signaturesMissing: [], handedOver: true, submittedAt: "11:40" };
  expect(states(done)).toEqual(Array(5).fill("done"));
  expect(noteOf(done, "submit")).toBe("已提交 11:40");
});

test("work that is not asked for never stands in the way, and is done only by somebody", () => {
  const left = { ...work("precheck", "预查比对", 0), optional: "left" as const };
  expect(states({ ...CHECKED, works: [left, ...CHECKED.works] }).slice(0, 5)).toEqual([
    "open",
    "done",
    "done",
    "done",
    "now",
  ]);
  expect(states({ ...FRESH, works: [left, ...WORKS] })[1]).toBe("now");
});

test("work that is not asked for says so until somebody did it", () => {
  const precheck = work("precheck", "预查比对", 0);
  const optional = (works: Work[]) => stepsOf({ ...FRESH, works })[0]?.optional;
  expect(optional([{ ...precheck, optional: "left" }, ...WORKS])).toBe(true);
  expect(optional([{ ...precheck, optional: "done" }, ...WORKS])).toBe(false);
  expect(optional([{ ...precheck, missing: 1 }, ...WORKS])).toBe(false);
});

test("waits grow from a second to five minutes, with full jitter", () => {
  expect(fullJitter(1, 1)).toBe(2_000);
  expect(fullJitter(5, 0.5)).toBe(16_000);
  expect(fullJitter(30, 1)).toBe(300_000);
  expect(fullJitter(30, 0)).toBe(500);
});
