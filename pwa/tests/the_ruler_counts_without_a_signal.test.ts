import { describe, expect, it } from "vitest";
import { dayInChina, standing } from "@/engine/workdays";

// 30 September 2026 is a Wednesday; the National Day holiday runs to 7 October, the 10th is worked.
const DAYS = ["2026-09-29", "2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12"];
const DEADLINE = { due: "2026-10-09", days: DAYS, wd: 4 };

describe("where a deadline stands", () => {
  it.each([
    ["2026-09-28", 4, "ok"],
    ["2026-09-30", 2, "warn"],
    ["2026-10-03", 2, "warn"],
    ["2026-10-09", 0, "due"],
    ["2026-10-10", -1, "overdue"],
    ["2026-10-11", -1, "overdue"],
    ["2026-10-12", -2, "overdue"],
  ])("on %s it is %i working days and %s", (today, remaining, state) => {
    expect(standing(DEADLINE, today)).toMatchObject({ remaining, state });
  });

  it("is in time on the days off that a window still holds", () => {
    const window = { due: "2026-10-11", days: DAYS, wd: 5 };
    expect(standing(window, "2026-10-11")).toMatchObject({ remaining: 0, state: "due" });
    expect(standing(window, "2026-10-12")).toMatchObject({ remaining: -1, state: "overdue" });
  });

  it.each([
    ["2026-09-24", 6],
    ["2026-09-27", 5],
    ["2026-09-28", 4],
  ])("that does not run yet has the days before its start left too: on %s %i", (today, remaining) => {
    const later = { ...DEADLINE, before: ["2026-09-24", "2026-09-25", "2026-09-28"] };
    expect(standing(later, today)).toMatchObject({ remaining });
    expect(standing(later, today).cells).toHaveLength(4);
  });

  it("draws one cell per working day, with a gap where days off lie between", () => {
    const { cells } = standing(DEADLINE, "2026-10-08");
    expect(cells.map((cell) => cell.state)).toEqual(["past", "past", "now", ""]);
    expect(cells.map((cell) => cell.gap)).toEqual([false, false, true, false]);
  });

  it("draws each working day of an overrun", () => {
    const { cells } = standing(DEADLINE, "2026-10-12");
    expect(cells.slice(4).map((cell) => [cell.day, cell.state])).toEqual([
      ["2026-10-10", "overrun"],
      ["2026-10-12", "overrun"],
    ]);
  });
});

it("a day in China begins eight hours before it does in Greenwich", () => {
  expect(dayInChina(Date.UTC(2026, 6, 20, 16, 0))).toBe("2026-07-21");
  expect(dayInChina(Date.UTC(2026, 6, 20, 15, 59))).toBe("2026-07-20");
});
