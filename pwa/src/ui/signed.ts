import type { SignatureRow } from "@/store/schema";
import type { VisitView } from "@/store/visit_view";

/** The page on which a signature was asked for. */
export type SignedFrom = "signing" | "refusal" | "obstacle";

/** The party's signature or refusal over the present document. */
export function partySigned(visit: VisitView): SignatureRow | undefined {
  const ofParty = visit.signatures.filter((one) => one.role === "party" || one.role === "refusal");
  return ofParty.findLast((one) => one.digest === visit.digest);
}

export function inspectorSigned(visit: VisitView, userId: number): SignatureRow | undefined {
  const own = visit.signatures.filter((one) => one.role === "inspector" && one.userId === userId);
  return own.findLast((one) => one.digest === visit.digest);
}

/** How many people signed an earlier state of the document and not the present one. */
export function expired(visit: VisitView): number {
  const who = (one: SignatureRow) => (one.role === "inspector" ? `inspector ${one.userId}` : "party");
  const present = new Set(visit.signatures.filter((one) => one.digest === visit.digest).map(who));
  return new Set(visit.signatures.map(who).filter((one) => !present.has(one))).size;
}
