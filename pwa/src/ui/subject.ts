import { itemPath } from "@/engine/documents";
import { type Item, itemsOf } from "@/engine/form";
import type { Checklist, VisitView } from "@/store/visit_view";

const NAMES: Record<string, string> = {
  "/record/situation": "现场情况",
  "/record/partyOpinion": "当事人意见",
  "/record/siteContactName": "现场负责人",
  "/record/siteContactPost": "现场负责人职务",
  "/record/siteContactPhone": "现场负责人电话",
  "/record/startedAt": "检查开始时间",
  "/record/endedAt": "检查结束时间",
  "/record/recordingNote": "音像记录说明",
  "/steps/certificates": "出示证件",
  "/steps/notice": "送达通知书",
  "/steps/recording": "音像记录",
  "/steps/withdrawalAsked": "申请回避",
};

export interface Placed {
  checklist: Checklist;
  item: Item;
  number: string;
}

/** An item with its number as printed, `section.place` among the items that count. */
export function itemsWithNumbers(checklist: Checklist): Placed[] {
  const relevant = new Set(checklist.seen.relevant);
  return checklist.form.sections.flatMap((section, s) =>
    section.items
      .map((item, place) => ({ checklist, item, number: `${s + 1}.${place + 1}` }))
      .filter(({ item }) => relevant.has(item.id)),
  );
}

/** What a path is about, in words. */
export function subjectOf(visit: VisitView, path: string): string {
  const placed = itemAt(visit, path);
  return placed ? `${placed.number} ${placed.item.label}` : (NAMES[path] ?? path);
}

export function itemAt(visit: VisitView, path: string): Placed | null {
  for (const checklist of visit.checklists) {
    if (!itemsOf(checklist.form).some((item) => itemPath(checklist.matter.id, item.id) === path)) continue;
    const placed = itemsWithNumbers(checklist).find(({ item }) => itemPath(checklist.matter.id, item.id) === path);
    if (placed) return placed;
  }
  return null;
}

/** An answer in words, as the checklist shows it. */
export function answerWords(item: Item | undefined, value: unknown): string {
  if (value === null || value === undefined || value === "") return "未答";
  if (item?.type === "check") {
    const { result, problem } = value as { result: string; problem: string | null };
    const word = { pass: "合格", fail: "不合格", na: "不适用" }[result] ?? "未答";
    return problem ? `${word}：${problem}` : word;
  }
  const label = (one: unknown) => item?.choices?.find((choice) => choice.value === one)?.label ?? String(one);
  if (Array.isArray(value)) return value.map(label).join("、");
  if (typeof value === "object")
    return (value as { text?: string }).text ?? ((value as { done?: boolean }).done ? "已办" : "未办");
  return item?.unit ? `${label(value)} ${item.unit}` : label(value);
}
