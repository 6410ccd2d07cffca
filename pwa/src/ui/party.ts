import { text } from "@/engine/walk";
import type { VisitView } from "@/store/visit_view";

/** Who most likely signs for the party: whoever was met on site, else the principal. */
export function signerOf(visit: VisitView): string {
  return text(visit.answers, "/record/siteContactName", "text") || visit.body.entity.principal;
}
