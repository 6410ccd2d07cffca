import { itemPath } from "@/engine/documents";
import type { Check, Item } from "@/engine/form";
import { say } from "@/engine/language";
import type { VisitView } from "@/store/visit_view";
import { linesAt, type Placed } from "@/ui/subject";
import { marksOf } from "./order";

/** What a line shows of an item: one of these chips, or plain words. */
export type LineState =
  | "differs"
  | "fail-photo"
  | "fail-problem"
  | "fail"
  | "photo"
  | "pass"
  | "na"
  | "wanting"
  | "plain";

/** One line of the list. Of hundreds only those are drawn anew of which something has changed. */
export class Line {
  readonly item: Item;
  number = $state("");
  state = $state<LineState>("plain");
  words = $state("");
  isOpen = $state(false);

  constructor(item: Item) {
    this.item = item;
  }

  follow(visit: VisitView, placed: Placed, isOpen: boolean): void {
    this.number = placed.number;
    this.isOpen = isOpen;
    this.state = stateAt(visit, placed);
    this.words = this.state === "plain" ? wordsAt(visit, placed) : "";
  }
}

/** The lines as the visit stands now: the same ones, as long as the same items are asked. */
export function followed(before: Line[], visit: VisitView, items: Placed[], open: Placed): Line[] {
  const same = before.length === items.length && before.every((line, n) => line.item === items[n]?.item);
  const known = same ? null : new Map(before.map((line) => [line.item, line]));
  const lines = known ? items.map(({ item }) => known.get(item) ?? new Line(item)) : before;
  for (const [n, placed] of items.entries()) lines[n]?.follow(visit, placed, placed.item === open.item);
  return lines;
}

function stateAt(visit: VisitView, { checklist, item }: Placed): LineState {
  const marks = marksOf(checklist);
  const path = itemPath(checklist.matter.id, item.id);
  if (visit.conflicts.some((row) => row.path === path || row.path.startsWith(`${path}/rows/`))) return "differs";
  const result = item.type === "check" ? (visit.answers[path] as Check | null | undefined)?.result : undefined;
  if (result === "fail" && marks.missingPhotos.has(item.id)) return "fail-photo";
  if (result === "fail" && marks.missingProblems.has(item.id)) return "fail-problem";
  if (result === "fail") return "fail";
  if (result && marks.missingPhotos.has(item.id)) return "photo";
  if (result) return result;
  return marks.wanting.has(item.id) ? "wanting" : "plain";
}

/** The answer in words, for a line without a chip. */
function wordsAt(visit: VisitView, placed: Placed): string {
  const lines = linesAt(visit, placed);
  const [said = ""] = lines;
  if (placed.item.type === "table" && said !== say("未填")) return say("{0} 行", lines.length);
  const isEmpty = [say("未答"), say("未填"), say("没有")].includes(said);
  return isEmpty && !placed.item.required ? said + say("（可不答）") : said;
}
