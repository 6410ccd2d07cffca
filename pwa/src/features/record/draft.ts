import { itemPath } from "@/engine/documents";
import type { Check } from "@/engine/form";
import { text } from "@/engine/walk";
import { dayInChina } from "@/engine/workdays";
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
    return `${checklist.matter.name}：判定 ${checks.length} 项，合格 ${passed} 项，不合格 ${failed.length} 项。${found ? `发现：${found}。` : "未发现问题。"}`;
  });
  return [
    outsideWindow(visit),
    `检查人员${visit.body.team.map((one) => one.name).join("、")}出示执法证件后，现场检查如下。`,
    ...lines,
  ]
    .filter((line) => line)
    .join("\n");
}

const WHO_AGREED = "同意的领导、时间和理由：";

/** The sentence that an inspection outside its window needs in the record, to be completed; empty within the window. */
export function outsideWindow(visit: VisitView): string {
  const { from, to } = visit.body.window;
  const begun = text(visit.answers, "/record/startedAt", "text").slice(0, 10) || dayInChina(Date.now());
  if (begun < from) return `检查时段为${from}至${to}，本次于${begun}提前检查。${WHO_AGREED}`;
  if (begun > to) return `检查时段已于${to}结束，本次于${begun}检查。${WHO_AGREED}`;
  return "";
}

/** What the record still owes for that: the sentence itself, its open end, or nothing. */
export function owesWindowWords(visit: VisitView): "sentence" | "ending" | "" {
  if (!outsideWindow(visit)) return "";
  const written = text(visit.answers, "/record/situation", "text");
  if (!/检查时段|提前|同意/.test(written)) return "sentence";
  return written.split("\n").some((line) => line.trimEnd().endsWith(WHO_AGREED)) ? "ending" : "";
}

function withoutStop(words: string): string {
  return words.replace(/[。；;.\s]+$/, "");
}
