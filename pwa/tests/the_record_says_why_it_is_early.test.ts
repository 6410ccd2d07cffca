import { expect, test } from "vitest";
import { outsideWindow, owesWindowWords } from "@/features/record/draft";
import type { VisitView } from "@/store/visit_view";

function begunOn(day: string, situation = ""): VisitView {
  const answers = { "/record/startedAt": { text: `${day}T09:00:00+08:00` }, "/record/situation": { text: situation } };
  return { body: { window: { from: "2026-08-01", to: "2026-08-31" } }, answers } as unknown as VisitView;
}

test("within the window the record owes no explanation", () => {
  for (const day of ["2026-08-01", "2026-08-31"]) expect(outsideWindow(begunOn(day))).toBe("");
});

test("before and after it the record asks who agreed and why, until that is written", () => {
  expect(outsideWindow(begunOn("2026-07-31"))).toContain("提前检查");
  expect(outsideWindow(begunOn("2026-09-01"))).toContain("已于2026-08-31结束");
  expect(owesWindowWords(begunOn("2026-07-31", "现场正常。"))).toBe("sentence");
  expect(owesWindowWords(begunOn("2026-07-31", "经王科长7月30日同意提前检查，理由：节前用电高峰。"))).toBe("");
});

test("the sentence with nothing after its colon still owes its ending", () => {
  const open = outsideWindow(begunOn("2026-07-31"));
  expect(owesWindowWords(begunOn("2026-07-31", `${open}\n现场正常。`))).toBe("ending");
  expect(owesWindowWords(begunOn("2026-07-31", `${open}王科长7月30日同意，节前用电高峰。\n现场正常。`))).toBe("");
});
