import { compareDecimals } from "./decimals";
import type { Check, Expression, Item, Operand } from "./form";

export type Known = Map<string, { item: Item; value: unknown }>;

/** Whether an expression holds over the items answered so far; null always holds. */
export function holds(expression: Expression | null | undefined, known: Known): boolean {
  if (!expression) return true;
  if ("and" in expression) return expression.and.every((part) => holds(part, known));
  if ("or" in expression) return expression.or.some((part) => holds(part, known));
  if ("not" in expression) return !holds(expression.not, known);
  if ("answered" in expression) return known.has(expression.answered);
  if ("in" in expression) {
    const [name, literals] = expression.in;
    const answered = known.get(name);
    return answered !== undefined && among(answered.item, answered.value, literals);
  }
  return compares(expression, known);
}

/** Every item that an expression names. */
export function namedIn(expression: Expression): string[] {
  if ("and" in expression) return expression.and.flatMap(namedIn);
  if ("or" in expression) return expression.or.flatMap(namedIn);
  if ("not" in expression) return namedIn(expression.not);
  if ("answered" in expression) return [expression.answered];
  if ("in" in expression) return [expression.in[0]];
  const [name, other] = sidesOf(expression);
  return typeof other === "string" ? [name] : [name, other.item];
}

type Comparison = Extract<
  Expression,
  { eq: unknown } | { ne: unknown } | { lt: unknown } | { le: unknown } | { gt: unknown } | { ge: unknown }
>;

function sidesOf(comparison: Comparison): [string, Operand] {
  return Object.values(comparison)[0] as [string, Operand];
}

function compares(comparison: Comparison, known: Known): boolean {
  const [name, operand] = sidesOf(comparison);
  const answered = known.get(name);
  const other = typeof operand === "string" ? operand : (known.get(operand.item)?.value as string | undefined);
  if (answered === undefined || other === undefined) return false;
  const { item, value } = answered;
  if ("eq" in comparison) return equal(item, value, other);
  if ("ne" in comparison) return !equal(item, value, other);
  const order = orderOf(item, value, other);
  if (order === null) return false;
  if ("lt" in comparison) return order < 0;
  if ("le" in comparison) return order <= 0;
  return "gt" in comparison ? order > 0 : order >= 0;
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

function orderOf(item: Item, value: unknown, literal: string): number | null {
  if (item.type === "number") return compareDecimals(value as string, literal);
  if (item.type !== "date") return null;
  // ISO dates sort as text.
  return value === literal ? 0 : (value as string) < literal ? -1 : 1;
}

function among(item: Item, value: unknown, literals: string[]): boolean {
  if (item.type === "multi") return (value as string[]).some((one) => literals.includes(one));
  return literals.some((literal) => equal(item, value, literal));
}
