import { compareDecimals, isDecimal } from "./decimals";
import type { Check, Field, FileType, Hand, ItemType, Place } from "./form";

export const LONGEST_TEXT = 4000;
const LONGEST_NAME = 100;
const LARGEST_IMAGE = 200_000;
const WHITE = /^\p{White_Space}*$/u;
const DATE = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/;
const IMAGE = /^data:image\/svg\+xml;base64,[A-Za-z0-9+/]+=*$/;
const [FURTHEST_NORTH, FURTHEST_EAST] = [900_000_000, 1_800_000_000];

/** Item types whose answer is evidence, and what the MIME type of such a piece begins with. */
const FILE_TYPES: Record<FileType, string> = { photos: "image/", video: "video/", audio: "audio/", file: "" };

export function isFileType(type: ItemType): type is FileType {
  return type in FILE_TYPES;
}

/** Whether a file of this type is a piece of what the item asks for; every other item takes any file. */
export function countsFor(item: Field, mime: string): boolean {
  return !isFileType(item.type) || mime.startsWith(FILE_TYPES[item.type]);
}

/** null, a blank text and an empty choice are no answers. */
export function isBlank(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "string" && WHITE.test(value);
}

/** The reason code when `value` cannot be an answer to `item`, else null. Blank values are not judged here. */
export function whyInvalid(item: Field, value: unknown): string | null {
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
    case "location":
      return isPlace(value) ? null : "not-a-location";
    case "signature":
      return isHand(value) ? null : "not-a-signature";
    case "table":
      return "kept-as-rows";
    default:
      return "kept-as-files";
  }
}

export function isCheck(value: unknown): value is Check {
  if (!isObject(value)) return false;
  const { result, problem, disposal, ...others } = value;
  return (
    (result === "pass" || result === "fail" || result === "na") &&
    Object.keys(others).length === 0 &&
    [problem, disposal].every((text) => text === null || text === undefined || isShort(text, LONGEST_TEXT))
  );
}

export function isPlace(value: unknown): value is Place {
  if (!isObject(value)) return false;
  const { lat7, lon7, accuracyCm, at, ...others } = value;
  return (
    Object.keys(others).length === 0 &&
    isWithin(lat7, FURTHEST_NORTH) &&
    isWithin(lon7, FURTHEST_EAST) &&
    (accuracyCm === null || (isWithin(accuracyCm, Number.MAX_SAFE_INTEGER) && accuracyCm >= 0)) &&
    isWithin(at, Number.MAX_SAFE_INTEGER)
  );
}

export function isHand(value: unknown): value is Hand {
  if (!isObject(value)) return false;
  const { name, image, ...others } = value;
  return (
    Object.keys(others).length === 0 &&
    isShort(name, LONGEST_NAME) &&
    !isBlank(name) &&
    isShort(image, LARGEST_IMAGE) &&
    IMAGE.test(image)
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWithin(value: unknown, most: number): value is number {
  return Number.isSafeInteger(value) && Math.abs(value as number) <= most;
}

function isShort(value: unknown, longest: number): value is string {
  return typeof value === "string" && [...value].length <= longest;
}

function whyBadText(item: Field, value: unknown): string | null {
  if (typeof value !== "string") return "not-text";
  return isShort(value, item.maxLength ?? LONGEST_TEXT) ? null : "too-long";
}

function whyBadNumber(item: Field, value: unknown): string | null {
  if (typeof value !== "string" || !isDecimal(value)) return "not-a-decimal";
  if (item.min !== undefined && compareDecimals(value, item.min) < 0) return "below-minimum";
  if (item.max !== undefined && compareDecimals(value, item.max) > 0) return "above-maximum";
  return null;
}

function isMulti(item: Field, value: unknown): boolean {
  const known = choicesOf(item);
  return (
    Array.isArray(value) && value.every((one) => known.includes(one as string)) && new Set(value).size === value.length
  );
}

/** A day of the calendar as YYYY-MM-DD. */
export function isDate(value: string): boolean {
  const parts = DATE.exec(value);
  if (!parts) return false;
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number];
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (days[month - 1] ?? 0);
}

function choicesOf(item: Field): string[] {
  return (item.choices ?? []).map((choice) => choice.value);
}
