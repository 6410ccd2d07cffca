import { itemPath } from "@/engine/documents";
import type { Check } from "@/engine/form";
import type { VisitView } from "@/store/visit_view";
import { itemsWithNumbers } from "@/ui/subject";

/** A first wording of what was seen, from the checklist; the inspectors complete it. */
export function draftSituation(visit: VisitView): string {
  const lines = visit.checklists.map((checklist) => {
    const checks = itemsWithNumbers(checklist).flatMap(({ item, number }) => {
      const value = visit.answers[itemPath(checklist.matter.id, item.id)] as Check | null | undefined;
      return item.type === "check" && value ? [{ number, label: item.label, value }] : [];
    });
    const failed = checks.filter((one) => one.value.result === "fail");
    const passed = checks.filter((one) => one.value.result === "pass").length;
    const found = failed.map((one) => `${one.number} ${withoutStop(one.value.problem ?? one.label)}`).join("；");
    return `${checklist.matter.name}：检查 ${checks.length} 项，合格 ${passed} 项，不合格 ${failed.length} 项。${found ? `发现：${found}。` : "未发现问题。"}`;
  });
  return [`检查人员${visit.body.team.map((one) => one.name).join("、")}出示执法证件后，现场检查如下。`, ...lines].join(
    "\n",
  );
}

function withoutStop(words: string): string {
  return words.replace(/[。；;.\s]+$/, "");
}
