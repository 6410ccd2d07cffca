import { compareDecimals, isDecimal } from "./decimals";
import type { Check, Item } from "./form";

export const LONGEST_TEXT = 4000;
const WHITE = /^\p{White_Space}*$/u;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;

/** null, a blank text and an empty choice are no answers. */
export function isBlank(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "string" && WHITE.test(value);
}

/** The reason code when `value` cannot be an answer to `item`, else null. Blank values are not judged here. */
export function whyInvalid(item: Item, value: unknown): string | null {
  switch (item.type) {
    case "check":
      return isCheck(value) ? null : "not-a-check";
    case "text":
      return whyBadText(item, value);
    case "number":
      return whyBadNumber(item, value);
    case "choice":
      return typeof value === "string" && choicesOf(item).includes(value) ? null : "not-a-choice";
    case "multi":
      return isMulti(item, value) ? null : "not-a-choice";
    case "date":
      return typeof value === "string" && isDate(value) ? null : "not-a-date";
  }
}

export function isCheck(value: unknown): value is Check {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const { result, problem, disposal, ...others } = value as Record<string, unknown>;
  return (
    (result === "pass" || result === "fail" || result === "na") &&
    Object.keys(others).length === 0 &&
    [problem, disposal].every((text) => text === null || text === undefined || isShort(text, LONGEST_TEXT))
  );
}

function isShort(value: unknown, longest: number): boolean {
  return typeof value === "string" && [...value].length <= longest;
}

function whyBadText(item: Item, value: unknown): string | null {
  if (typeof value !== "string") return "not-text";
  return isShort(value, item.maxLength ?? LONGEST_TEXT) ? null : "too-long";
}

function whyBadNumber(item: Item, value: unknown): string | null {
  if (typeof value !== "string" || !isDecimal(value)) return "not-a-decimal";
  if (item.min !== undefined && compareDecimals(value, item.min) < 0) return "below-minimum";
  if (item.max !== undefined && compareDecimals(value, item.max) > 0) return "above-maximum";
  return null;
}

function isMulti(item: Item, value: unknown): boolean {
  const known = choicesOf(item);
  return (
    Array.isArray(value) && value.every((one) => known.includes(one as string)) && new Set(value).size === value.length
  );
}

function isDate(value: string): boolean {
  const parts = DATE.exec(value);
  if (!parts) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (days[month - 1] ?? 0);
}

function choicesOf(item: Item): string[] {
  return (item.choices ?? []).map((choice) => choice.value);
}
