import { itemPath } from "@/engine/documents";
import type { Check } from "@/engine/form";
import { say } from "@/engine/language";
import type { VisitView } from "@/store/visit_view";
import { itemsWithNumbers, type Placed } from "@/ui/subject";

export interface Verdict {
  decision: "agree" | "return";
  reason: string;
}

export type Verdicts = Record<string, Verdict>;

export interface Reviewed {
  path: string;
  placed: Placed;
}

export function everyItem(visit: VisitView): Reviewed[] {
  return visit.checklists.flatMap((checklist) =>
    itemsWithNumbers(checklist).map((placed) => ({ path: itemPath(checklist.matter.id, placed.item.id), placed })),
  );
}

/** What a leader looks at first: what failed. */
export function exceptions(visit: VisitView): Reviewed[] {
  return everyItem(visit).filter(
    ({ path, placed }) =>
      placed.item.type === "check" && (visit.answers[path] as Check | null | undefined)?.result === "fail",
  );
}

export function verdictWords(returned: number): string {
  return returned ? say("签批：退回 {0} 项", returned) : say("签批：全部同意");
}
