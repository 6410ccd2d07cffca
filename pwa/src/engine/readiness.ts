import type { Assessment } from "./assess";
import { itemPath, type Member } from "./documents";

/** One thing that stands in the way: a code, and the path or person it concerns. */
export interface Gap {
  code:
    | "item"
    | "invalid"
    | "problem"
    | "photo"
    | "step"
    | "record"
    | "conflict"
    | "inspector-signature"
    | "party-signature";
  what: string;
}

export interface Signed {
  role: string;
  userId?: number | null;
  digest: string;
}

const STEPS = ["/steps/certificates", "/steps/notice"];
const RECORD = ["/record/situation", "/record/startedAt", "/record/endedAt"];

/** The steps at the door without which nothing was inspected lawfully. */
export function stepGaps(answers: Record<string, unknown>): Gap[] {
  return STEPS.filter((path) => !filled(answers[path])).map((what) => ({ code: "step", what }));
}

/** The fields without which the on-site record is none. */
export function recordGaps(answers: Record<string, unknown>): Gap[] {
  return RECORD.filter((path) => !filled(answers[path])).map((what) => ({ code: "record", what }));
}

/** What a checklist still lacks, in the order a person would mend it. */
export function checklistGaps(matterId: number, seen: Assessment): Gap[] {
  const named: [Gap["code"], string[]][] = [
    ["item", seen.missing],
    ["invalid", Object.keys(seen.invalid)],
    ["problem", seen.missingProblems],
    ["photo", seen.missingPhotos],
  ];
  return named.flatMap(([code, names]) => names.map((name) => ({ code, what: itemPath(matterId, name) })));
}

/** Every inspector signs; the party signs or refuses. Only what was given over this very digest counts. */
export function signatureGaps(digest: string, team: Member[], signatures: Signed[]): Gap[] {
  const current = signatures.filter((one) => one.digest === digest);
  const signed = new Set(current.filter((one) => one.role === "inspector").map((one) => one.userId));
  const gaps: Gap[] = team
    .filter((member) => !signed.has(member.userId))
    .map((member) => ({ code: "inspector-signature", what: member.name }));
  if (!current.some((one) => one.role === "party" || one.role === "refusal")) {
    gaps.push({ code: "party-signature", what: "当事人" });
  }
  return gaps;
}

export function filled(value: unknown): boolean {
  if (typeof value === "object" && value !== null) {
    const { done, text } = value as { done?: boolean; text?: string };
    return Boolean(done) || (text ?? "").trim() !== "";
  }
  return value !== null && value !== undefined && String(value).trim() !== "";
}
