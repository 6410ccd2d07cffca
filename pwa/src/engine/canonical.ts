/** RFC 8785 canonical JSON (JCS) over the closed set of values that Yaohao signs and hashes: no floats. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

export function canonical(value: unknown): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return spellText(value);
  if (typeof value === "number") return spellInteger(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object") return spellObject(value as Record<string, unknown>);
  throw new TypeError(`${typeof value} is not a canonical JSON value`);
}

/** SHA-256 of the canonical spelling, in lower-case hex. */
export async function digest(value: unknown): Promise<string> {
  return sha256(new TextEncoder().encode(canonical(value)));
}

export async function sha256(bytes: BufferSource): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function spellText(value: string): string {
  if (/\p{Surrogate}/u.test(value)) throw new TypeError("a lone surrogate has no UTF-8 spelling");
  return JSON.stringify(value);
}

function spellInteger(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${value} has no exact spelling in every JSON reader`);
  return String(value === 0 ? 0 : value);
}

function spellObject(value: Record<string, unknown>): string {
  // Default order compares UTF-16 code units, as RFC 8785 asks.
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${canonical(name)}:${canonical(value[name])}`).join(",")}}`;
}
