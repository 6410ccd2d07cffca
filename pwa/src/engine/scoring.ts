import type { Known } from "./expressions";
import { type Check, type Form, type Item, itemsOf } from "./form";

/** Points earned out of those that could be had; 不适用 counts in neither. `band` once the checklist is complete. */
export interface Score {
  earned: number;
  possible: number;
  band: string | null;
}

/** The score of the relevant items, or null for a form that gives no points. Whole numbers only. */
export function scoreOf(form: Form, relevant: Item[], known: Known, complete: boolean): Score | null {
  if (!itemsOf(form).some(givesPoints)) return null;
  let [earned, possible] = [0, 0];
  for (const item of relevant) {
    const [got, most] = points(item, known.get(item.id)?.value);
    earned += got;
    possible += most;
  }
  return { earned, possible, band: complete ? bandOf(form, earned, possible) : null };
}

function givesPoints(item: Item): boolean {
  return item.points !== undefined || (item.choices ?? []).some((choice) => choice.points !== undefined);
}

function points(item: Item, value: unknown): [number, number] {
  if (item.type === "check" && item.points !== undefined) {
    const result = (value as Check | undefined)?.result;
    return [result === "pass" ? item.points : 0, result === "na" ? 0 : item.points];
  }
  if (item.type === "choice" || item.type === "multi") {
    const given = (item.choices ?? []).map((choice) => ({ value: choice.value, points: choice.points ?? 0 }));
    const chosen: unknown[] = Array.isArray(value) ? value : [value];
    const got = given.filter((one) => chosen.includes(one.value)).reduce((sum, one) => sum + one.points, 0);
    const most = item.type === "choice" ? Math.max(...given.map((one) => one.points)) : total(given);
    return [got, most];
  }
  return [0, 0];
}

function total(given: { points: number }[]): number {
  return given.reduce((sum, one) => sum + one.points, 0);
}

function bandOf(form: Form, earned: number, possible: number): string | null {
  const band = (form.bands ?? []).find((one) => possible > 0 && earned * 100 >= one.atLeast * possible);
  return band?.label ?? null;
}
