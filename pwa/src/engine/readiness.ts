import type { Assessment } from "./assess";
import { itemPath, type Member } from "./documents";
import type { Gap } from "./gaps";

export interface Signed {
  role: string;
  userId?: number | null;
  digest: string;
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

/** Every inspector who was there signs; the party signs or refuses, where it was met. Only what was given over this very digest counts. */
export function signatureGaps(digest: string, team: Member[], signatures: Signed[], asksParty: boolean): Gap[] {
  const current = signatures.filter((one) => one.digest === digest);
  const signed = new Set(current.filter((one) => one.role === "inspector").map((one) => one.userId));
  const gaps: Gap[] = team
    .filter((member) => !signed.has(member.userId))
    .map((member) => ({ code: "inspector-signature", what: member.name }));
  if (asksParty && !current.some((one) => one.role === "party" || one.role === "refusal")) {
    gaps.push({ code: "party-signature", what: "当事人" });
  }
  return gaps;
}
