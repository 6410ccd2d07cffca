import type { DeadlineView } from "./documents";

export interface Cell {
  day: string;
  state: "past" | "now" | "" | "overrun";
  /** Days off lie before it. */
  gap: boolean;
}

export interface Standing {
  /** Working days left after today; 0 on the last day, negative once it is past. */
  remaining: number;
  state: "ok" | "warn" | "due" | "overdue";
  cells: Cell[];
}

const WARN_AT = 3;
/** China keeps one zone the year round. */
export const SHANGHAI_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** The calendar day in China of a moment in milliseconds. */
export function dayInChina(ms: number): string {
  return new Date(ms + SHANGHAI_MS).toISOString().slice(0, 10);
}

/** Where a deadline stands on `today`, counted by the working days that came with it: right without a signal, days later. */
export function standing(deadline: Pick<DeadlineView, "due" | "days" | "wd" | "before">, today: string): Standing {
  const counted = deadline.days.slice(0, deadline.wd);
  const over = deadline.days.slice(deadline.wd).filter((day) => day <= today);
  const left = [...(deadline.before ?? []), ...counted].filter((day) => day > today).length;
  const remaining = today > deadline.due ? -Math.max(1, over.length) : left;
  const state = remaining < 0 ? "overdue" : remaining === 0 ? "due" : remaining <= WARN_AT ? "warn" : "ok";
  const cells = [...counted.map((day) => ({ day, state: cellState(day, today) })), ...over.map(overrun)];
  return { remaining, state, cells: cells.map((cell, n) => ({ ...cell, gap: hasGap(cells[n - 1]?.day, cell.day) })) };
}

function cellState(day: string, today: string): Cell["state"] {
  if (day === today) return "now";
  return day < today ? "past" : "";
}

function overrun(day: string): { day: string; state: Cell["state"] } {
  return { day, state: "overrun" };
}

function hasGap(before: string | undefined, day: string): boolean {
  return before !== undefined && Date.parse(day) - Date.parse(before) > DAY_MS;
}
