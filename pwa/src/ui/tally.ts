import { itemPath } from "@/engine/documents";
import type { Check } from "@/engine/form";
import { say } from "@/engine/language";
import type { VisitView } from "@/store/visit_view";
import { itemsWithNumbers } from "./subject";

export interface Tally {
  total: number;
  pass: number;
  fail: number;
  na: number;
  other: number;
  /** Asked and left without an answer. */
  open: number;
  disposals: [string, number][];
}

/** What is neither pass, fail nor N/A, in words: so that the counts of a checklist add up. */
export function restWords({ other, open }: Tally): string {
  return (other ? say("，填写 {0}", other) : "") + (open ? say("，未填 {0}", open) : "");
}

/** What the checklists of a visit add up to. */
export function tally(visit: VisitView): Tally {
  const sum: Tally = { total: 0, pass: 0, fail: 0, na: 0, other: 0, open: 0, disposals: [] };
  const disposals = new Map<string, number>();
  for (const { checklist, item } of visit.checklists.flatMap(itemsWithNumbers)) {
    const value = visit.answers[itemPath(checklist.matter.id, item.id)];
    sum.total += 1;
    if (item.type !== "check") sum.other += value === undefined || value === null ? 0 : 1;
    else if (value) {
      const { result, disposal } = value as Check;
      sum[result] += 1;
      if (result === "fail" && disposal) disposals.set(disposal, (disposals.get(disposal) ?? 0) + 1);
    }
  }
  const open = sum.total - sum.pass - sum.fail - sum.na - sum.other;
  return { ...sum, open, disposals: [...disposals] };
}
