import { afterAll, beforeAll, expect, test } from "vitest";
import { clock, day, fieldOf, isoOfField, isoWithOffset, moment, weekday } from "@/ui/words";

const EVENING = Date.parse("2026-07-21T23:30:00+08:00");
const zone = process.env.TZ;

beforeAll(() => {
  process.env.TZ = "America/New_York";
});
afterAll(() => {
  process.env.TZ = zone;
});

test("a phone set to another zone still shows and keeps China's day and time", () => {
  expect(new Date(EVENING).getHours()).toBe(11);
  expect([day(EVENING), weekday(EVENING), clock(EVENING)]).toEqual(["7月21日", "星期二", "23:30"]);
  expect(isoWithOffset(EVENING)).toBe("2026-07-21T23:30:00+08:00");
  expect(moment(EVENING, new Date("2026-07-22T01:00:00+08:00"))).toBe("7月21日 23:30");
});

test("what a person types into a field for a time is China's time", () => {
  expect(isoOfField("2026-07-21T09:10")).toBe("2026-07-21T09:10:00+08:00");
  expect(fieldOf("2026-07-21T01:10:00Z")).toBe("2026-07-21T09:10");
  expect(day("2026-07-28", new Date("2027-01-01T00:00:00+08:00"))).toBe("2026年7月28日");
});
