import { canonical, digest, toHex } from "./canonical";
import { sha256 } from "./sha256";

export const NO_PREVIOUS = "0".repeat(64);

export type Kind =
  | "answer.set"
  | "note.set"
  | "evidence.add"
  | "evidence.void"
  | "location.add"
  | "sign"
  | "refuse"
  | "conflict.resolve"
  | "submit"
  | "close"
  | "review";

/** Kinds that the push token never carries: they wait for a living session. */
export const NEEDS_SESSION: ReadonlySet<Kind> = new Set<Kind>(["review", "conflict.resolve"]);

/** The unit of sync: append-only, immutable, exactly twelve members (sync.md "Op"). */
export interface Op {
  id: string;
  deviceId: string;
  seq: number;
  userId: number;
  visitId: string;
  formSha: string | null;
  kind: Kind;
  path: string;
  value: unknown;
  baseRev: number;
  at: { wall: number; monoMs: number; lastServerTime: number | null };
  prev: string;
}

export type Status = "applied" | "duplicate" | "conflict" | "quarantined";

/** SHA-256 of the op's canonical JSON; the next op's `prev`. */
export function opHash(op: Op): Promise<string> {
  return digest(op);
}

/** The same without a pause: inside a transaction nothing else can be waited for. */
export function opHashAtOnce(op: Op): string {
  return toHex(sha256(new TextEncoder().encode(canonical(op))));
}

/** A UUIDv7 from a time in milliseconds and ten random bytes (RFC 9562). */
export function uuid7(unixMs: number, random: Uint8Array): string {
  const time = unixMs.toString(16).padStart(12, "0");
  const tail = Uint8Array.from(random);
  tail[0] = (at(tail, 0) & 0x0f) | 0x70;
  tail[2] = (at(tail, 2) & 0x3f) | 0x80;
  const hex = time + Array.from(tail, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
}

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}
