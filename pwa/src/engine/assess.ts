import { holds, type Known } from "./expressions";
import { type Check, type Form, type Item, itemsOf } from "./form";
import { isBlank, whyInvalid } from "./values";

/** What one checklist amounts to so far; every list is in form order. */
export interface Assessment {
  relevant: string[];
  missing: string[];
  missingPhotos: string[];
  missingProblems: string[];
  invalid: Record<string, string>;
  answered: number;
  total: number;
  complete: boolean;
}

/** Go through the form once, in order, and say what is relevant, answered, missing and invalid. */
export function assess(form: Form, answers: Record<string, unknown>, photos: Record<string, number>): Assessment {
  const known: Known = new Map();
  const [relevant, missing, missingPhotos, missingProblems]: [string[], string[], string[], string[]] = [
    [],
    [],
    [],
    [],
  ];
  const invalid: Record<string, string> = {};
  for (const item of itemsOf(form)) {
    if (!holds(item.relevant, known)) continue;
    const value = answers[item.id];
    relevant.push(item.id);
    const reason = isBlank(value) ? null : whyInvalid(item, value);
    if (isBlank(value)) {
      if (item.required) missing.push(item.id);
    } else if (reason) {
      invalid[item.id] = reason;
    } else {
      known.set(item.id, { item, value });
      if (lacksProblem(item, value)) missingProblems.push(item.id);
    }
    if (asksForPhoto(item, known) && !photos[item.id]) missingPhotos.push(item.id);
  }
  const gaps = missing.length + missingPhotos.length + missingProblems.length + Object.keys(invalid).length;
  const [answered, total, complete] = [known.size, relevant.length, gaps === 0];
  return { relevant, missing, missingPhotos, missingProblems, invalid, answered, total, complete };
}

function lacksProblem(item: Item, value: unknown): boolean {
  return item.type === "check" && (value as Check).result === "fail" && isBlank((value as Check).problem);
}

function asksForPhoto(item: Item, known: Known): boolean {
  const result = item.type === "check" ? (known.get(item.id)?.value as Check | undefined)?.result : undefined;
  if (item.photo === "always") return result !== "na";
  return item.photo === "on-fail" && result === "fail";
}
