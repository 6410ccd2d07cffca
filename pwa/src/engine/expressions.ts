import { compareDecimals } from "./decimals";
import type { Check, Expression, Item } from "./form";

export type Known = Map<string, { item: Item; value: unknown }>;

/** Whether an expression holds over the items answered so far; null always holds. */
export function holds(expression: Expression | null, known: Known): boolean {
  if (expression === null) return true;
  if ("and" in expression) return expression.and.every((part) => holds(part, known));
  if ("or" in expression) return expression.or.some((part) => holds(part, known));
  if ("not" in expression) return !holds(expression.not, known);
  if ("answered" in expression) return known.has(expression.answered);
  if ("eq" in expression)
    return compares(known, expression.eq[0], (item, value) => equal(item, value, expression.eq[1]));
  if ("lt" in expression)
    return compares(known, expression.lt[0], (item, value) => less(item, value, expression.lt[1]));
  if ("in" in expression)
    return compares(known, expression.in[0], (item, value) => among(item, value, expression.in[1]));
  throw new Error(`unknown operator ${Object.keys(expression)}`);
}

function compares(known: Known, name: string, by: (item: Item, value: unknown) => boolean): boolean {
  const answered = known.get(name);
  return answered !== undefined && by(answered.item, answered.value);
}

function equal(item: Item, value: unknown, literal: string): boolean {
  switch (item.type) {
    case "check":
      return (value as Check).result === literal;
    case "number":
      return compareDecimals(value as string, literal) === 0;
    case "multi":
      return false;
    default:
      return value === literal;
  }
}

function less(item: Item, value: unknown, literal: string): boolean {
  if (item.type === "number") return compareDecimals(value as string, literal) < 0;
  // ISO dates sort as text.
  return item.type === "date" && (value as string) < literal;
}

function among(item: Item, value: unknown, literals: string[]): boolean {
  if (item.type === "multi") return (value as string[]).some((one) => literals.includes(one));
  return literals.some((literal) => equal(item, value, literal));
}
