import { itemPath } from "@/engine/documents";
import { type Field, type Item, itemsOf, type Place } from "@/engine/form";
import { type Say, say } from "@/engine/language";
import { placeOf, rowsByItem, rowsOf } from "@/engine/tables";
import { countsFor, isFileType, isHand, isPlace } from "@/engine/values";
import { MATTER_RESULTS, METHODS, OBSTACLES, text } from "@/engine/walk";
import { type Checklist, procedureOf, type VisitView } from "@/store/visit_view";

const NAMES: Record<string, string> = {
  "/record/situation": "现场情况",
  "/record/partyOpinion": "当事人意见",
  "/record/siteContactName": "现场负责人",
  "/record/siteContactPost": "现场负责人职务",
  "/record/siteContactPhone": "现场负责人电话",
  "/record/startedAt": "检查开始时间",
  "/record/endedAt": "检查结束时间",
  "/record/recordingNote": "音像记录说明",
  "/steps/precheck": "预查比对",
  "/steps/method": "检查方式",
  "/steps/certificates": "出示证件",
  "/steps/notice": "送达通知书",
  "/steps/recording": "音像记录",
  "/steps/withdrawalAsked": "申请回避",
  "/steps/rights": "告知权利、听取陈述",
  "/orders/rectification": "责令改正通知书",
  "/orders/stop": "责令停止通知书",
  "/orders/referral": "线索移送",
  "/orders/evidence": "证据清单",
  "/exception": "无法检查的情形",
};

/** What a paper is called; the notice bears the name that the rules give it. */
export function paperName(visit: VisitView, paper: string): string {
  if (paper === "notice") return procedureOf(visit.body).noticeName;
  if (paper === "obstacle") return "无法检查情况说明";
  if (paper === "record") return "现场检查笔录";
  return NAMES[`/orders/${paper}`] ?? paper;
}

export interface Placed {
  checklist: Checklist;
  item: Item;
  number: string;
}

const numbered = new WeakMap<Checklist, Placed[]>();

/** An item with its number as printed, `section.place` among the items that count. */
export function itemsWithNumbers(checklist: Checklist): Placed[] {
  const known = numbered.get(checklist) ?? number(checklist);
  numbered.set(checklist, known);
  return known;
}

function number(checklist: Checklist): Placed[] {
  const relevant = new Set(checklist.seen.relevant);
  return checklist.form.sections.flatMap((section, s) =>
    section.items
      .map((item, place) => ({ checklist, item, number: `${s + 1}.${place + 1}` }))
      .filter(({ item }) => relevant.has(item.id)),
  );
}

/** A field of the way of inspecting, or of what stood in the way. */
function labelOf({ answers }: VisitView, path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const fields = path.startsWith("/exception/")
    ? (OBSTACLES[text(answers, "/exception", "kind")] ?? [])
    : Object.values(METHODS).flatMap((method) => method.fields);
  return fields.find(([field]) => field === name)?.[1];
}

/** What a path is about, in words. */
export function subjectOf(visit: VisitView, path: string): string {
  const placed = itemAt(visit, path);
  if (placed) {
    const column = fieldAt(visit, path);
    const cell = column && column !== placed.item ? `　${column.label}` : "";
    return `${placed.number} ${placed.item.label}${cell}`;
  }
  const [, family, name] = path.split("/");
  if (family === "deliveries" && name) return say(paperName(visit, name));
  if (family === "forms")
    return say("检查表　{0}", visit.body.matters.find((matter) => String(matter.id) === name)?.name ?? "");
  if (family === "results") return visit.body.matters.find((matter) => String(matter.id) === name)?.name ?? path;
  return say(NAMES[path] ?? labelOf(visit, path) ?? path);
}

/** The item at a path, or the one whose table the path is a cell of. */
export function itemAt(visit: VisitView, path: string): Placed | null {
  const whole = path.replace(/\/rows\/.*$/, "");
  for (const checklist of visit.checklists) {
    if (!itemsOf(checklist.form).some((item) => itemPath(checklist.matter.id, item.id) === whole)) continue;
    const placed = itemsWithNumbers(checklist).find(({ item }) => itemPath(checklist.matter.id, item.id) === whole);
    if (placed) return placed;
  }
  return null;
}

/** What the answer at a path answers: an item, or a column of a table. */
export function fieldAt(visit: VisitView, path: string): Field | undefined {
  const item = itemAt(visit, path)?.item;
  const cell = placeOf(path.replace(/^.*\/items\//, ""));
  return cell ? item?.columns?.find((column) => column.id === cell.column) : item;
}

/** The rows of a table item, with what is filled in. */
export function rowsIn(visit: VisitView, { checklist, item }: Placed): [string, Map<string, unknown>][] {
  const below = itemPath(checklist.matter.id, "");
  const here = Object.entries(visit.answers).filter(([path]) => path.startsWith(`${below}${item.id}/rows/`));
  const cells = rowsByItem(Object.fromEntries(here.map(([path, value]) => [path.slice(below.length), value])));
  return rowsOf(item, cells.get(item.id));
}

/** What stands at an item, line by line: a table's rows, how many files, or the one answer in words. */
export function linesAt(visit: VisitView, placed: Placed, words: Say = say): string[] {
  const { checklist, item } = placed;
  const path = itemPath(checklist.matter.id, item.id);
  if (item.type === "table") {
    const columns = item.columns ?? [];
    const said = rowsIn(visit, placed).map(([, filled]) =>
      columns
        .filter((column) => filled.has(column.id))
        .map((column) => `${column.label} ${answerWords(column, filled.get(column.id), words)}`)
        .join("；"),
    );
    return said.length ? said : [words("未填")];
  }
  if (isFileType(item.type)) {
    const pieces = visit.evidence.filter((piece) => piece.item === path && piece.voidReason === null);
    const count = pieces.filter((piece) => countsFor(item, piece.mime)).length;
    return [count ? words("{0} 件", count) : words("没有")];
  }
  return [answerWords(item, visit.answers[path], words)];
}

/** 北纬36.186500°，东经118.168200°，误差9米; the error rounded up. */
export function placeWords({ lat7, lon7, accuracyCm }: Place, words: Say = say): string {
  const degrees = (tenmillionths: number) => {
    const micro = Math.floor(Math.abs(tenmillionths) / 10);
    return `${Math.floor(micro / 1_000_000)}.${String(micro % 1_000_000).padStart(6, "0")}°`;
  };
  const error = accuracyCm === null ? words("误差未记录") : words("误差{0}米", Math.ceil(accuracyCm / 100));
  return `${lat7 < 0 ? words("南纬") : words("北纬")}${degrees(lat7)}，${lon7 < 0 ? words("西经") : words("东经")}${degrees(lon7)}，${error}`;
}

/** A part of the walk in words: a conclusion by its published words, else what was written. */
function noteWords({ text, code, done }: { text?: string; code?: string; done?: boolean }, words: Say): string {
  const concluded = MATTER_RESULTS.find(([slug]) => slug === code)?.[1];
  return [concluded && words(concluded), text].filter(Boolean).join("　") || words(done ? "已办" : "未办");
}

/** An answer in words, as the checklist shows it. */
export function answerWords(item: Field | undefined, value: unknown, words: Say = say): string {
  if (value === null || value === undefined || value === "") return words("未答");
  if (item?.type === "check") {
    const { result, problem } = value as { result: string; problem: string | null };
    const word = { pass: words("合格"), fail: words("不合格"), na: words("不适用") }[result] ?? words("未答");
    return problem ? `${word}：${problem}` : word;
  }
  if (item?.type === "location" && isPlace(value)) return placeWords(value, words);
  if (item?.type === "signature" && isHand(value)) return words("{0} 已签名", value.name);
  const label = (one: unknown) => item?.choices?.find((choice) => choice.value === one)?.label ?? String(one);
  if (Array.isArray(value)) return value.map(label).join("、");
  if (typeof value === "object") return noteWords(value as { text?: string; code?: string; done?: boolean }, words);
  return item?.unit ? `${label(value)} ${item.unit}` : label(value);
}
