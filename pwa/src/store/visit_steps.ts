import { askedAtFirst } from "@/engine/assess";
import type { Gap } from "@/engine/gaps";
import { say } from "@/engine/language";
import { type Step, type StepKey, stepsOf, type Work } from "@/engine/steps";
import { METHODS, methodOf, part } from "@/engine/walk";
import { procedureOf, type VisitView } from "./visit_view";

type Words = (at: number) => string;

/** The steps of a visit as it stands on this phone; `moment` says a time in words. */
export function visitSteps(view: VisitView, moment: Words): Step[] {
  const { body, row, gaps } = view;
  const submittedAt = row.local.submittedAt ?? body.submittedAt;
  return stepsOf({
    works: worksOf(view, moment),
    handedOver: body.status === "submitted" || body.status === "approved" || row.local.submittedAt !== null,
    submittedAt: submittedAt ? moment(submittedAt) : null,
    signaturesMissing: gaps.signatures.map((gap) => gap.what),
  });
}

/** What is to be done before anybody signs, in the order of the regulations; a shorter way of inspecting has fewer. */
function worksOf(view: VisitView, moment: Words): Work[] {
  const { answers, gaps, body, walked } = view;
  const procedure = procedureOf(body);
  const key = methodOf(answers);
  const method = METHODS[key];
  const missing = new Map<StepKey, number>();
  for (const gap of gaps.walk) missing.set(stepOf(gap), (missing.get(stepOf(gap)) ?? 0) + 1);
  const done = (path: string) => doneAt(view, path, moment);
  const work = (step: StepKey, name: string, note: string): Work => ({
    key: step,
    name,
    note,
    missing: missing.get(step) ?? 0,
  });
  const looked = done("/steps/precheck");
  const onSite = [
    work("certificates", say("到场、出示证件"), done("/steps/certificates") ?? say("两人到场，出示执法证件")),
    work(
      "notice",
      say("送达{0}", noticeWords(procedure.noticeName)),
      done("/steps/notice") ?? say("送达当事人，请当事人签收"),
    ),
  ];
  return [
    ...(key === "on_site" ? [] : [work("method", say(method.label), say("写明怎样检查，附材料"))]),
    ...(procedure.version
      ? [precheckWork(work("precheck", say("预查比对"), looked ?? precheckNote(view)), looked !== null)]
      : []),
    ...(method.atTheDoor ? onSite : []),
    ...(method.checklist ? [checklistWork(view)] : []),
    ...(method.checklist
      ? [work("record", say("现场笔录"), missing.get("record") ? say("可随时记，边查边写") : say("已写好"))]
      : []),
    ...(walked.findings.length && procedure.version
      ? [
          work(
            "disposal",
            say("处置"),
            missing.get("disposal") ? say("{0} 项不合格，逐项定处置", walked.findings.length) : say("已定"),
          ),
        ]
      : []),
    ...(procedure.version && method.atTheDoor
      ? [work("rights", say("告知权利、听取陈述"), done("/steps/rights") ?? say("陈述申辩如实记录"))]
      : []),
    ...(procedure.version
      ? [work("results", say("讨论结论"), missing.get("results") ? say("逐个事项定结论") : say("已定"))]
      : []),
  ];
}

const NOTICES = ["检查通知书", "检查告知书", "行政检查通知书"];

/** What the paper handed over at the door is called on the screen; a name of the agency's own stays as it is. */
export function noticeWords(name: string): string {
  return NOTICES.includes(name) ? say(name) : name;
}

/** What stands behind a pre-check: the duty, the reason it was dropped for this task, or that no text asks for it. */
export function precheckNote({ body }: VisitView): string {
  if (procedureOf(body).precheck) return say("出发前查对象和历次检查");
  return body.citations.precheck ? say("本任务写明理由，不做这一步") : say("没有条文要求，做了就存进卷宗");
}

/** Where the rules do not ask for it, a pre-check may be left out. */
function precheckWork(work: Work, looked: boolean): Work {
  return work.missing ? work : { ...work, optional: looked ? "done" : "left" };
}

function checklistWork(view: VisitView): Work {
  const { body, gaps, checklists } = view;
  const toMend = body.status === "returned" && view.digest === body.digest ? body.returned.length : 0;
  const missing = gaps.checklists.length + gaps.conflicts.length + view.formsMissing + toMend;
  const total = sum(checklists.map((one) => one.seen.total));
  return {
    key: "checklist",
    name: say("检查表"),
    missing: total || view.formsMissing ? missing : 0,
    note: checklistNote(view, toMend),
  };
}

function checklistNote({ gaps, checklists }: VisitView, toMend: number): string {
  const total = sum(checklists.map((one) => one.seen.total));
  const opened = total - sum(checklists.map((one) => askedAtFirst(one.form)));
  const plain = say("{0} / {1} 项", sum(checklists.map((one) => one.seen.answered)), total);
  const count = opened > 0 ? say("{0}（按回答又多 {1} 项）", plain, opened) : plain;
  const photos = sum(checklists.map((one) => one.seen.missingPhotos.length));
  if (!checklists.length) return say("事项没有检查表，写在笔录里");
  if (toMend) return say("组长退回 {0} 项，待改", toMend);
  if (gaps.conflicts.length) return say("{0}　{1} 项两人答案不同", count, gaps.conflicts.length);
  return photos ? say("{0}　{1} 项不合格缺照片", count, photos) : count;
}

/** On which step's page a gap is mended. */
export function stepOf(gap: Gap): StepKey {
  if (gap.what === "/steps/precheck") return "precheck";
  if (gap.what.startsWith("/steps/method")) return "method";
  if (gap.what === "/steps/rights" || gap.what === "/record/partyOpinion") return "rights";
  if (gap.what === "/steps/notice" || gap.what === "/deliveries/notice") return "notice";
  switch (gap.code) {
    case "presence":
    case "too-few":
    case "recusal":
    case "step":
      return "certificates";
    case "disposal":
    case "order":
    case "delivery":
      return "disposal";
    case "result":
      return "results";
    case "record":
      return "record";
    case "inspector-signature":
    case "party-signature":
      return "signing";
    default:
      return "checklist";
  }
}

const FOLLOWS = ["/orders/", "/deliveries/rectification", "/deliveries/stop", "/results/", "/papers/"];
const AFTERWARDS = ["/record/situation", "/record/partyOpinion", "/record/endedAt"];

/** Whether the answer at a path may still change on this phone: after a return, what was returned and what follows from it. */
export function mayChange(view: VisitView, path: string): boolean {
  const { status, returned } = view.body;
  if (view.row.local.submittedAt !== null) return false;
  if (status !== "returned") return status === "dispatched" || status === "in_progress";
  const follows = AFTERWARDS.includes(path) || FOLLOWS.some((start) => path.startsWith(start));
  // A table is returned as a whole: its cells stand at `<path>/rows/…`.
  return follows || returned.some((one) => one.path === path || path.startsWith(`${one.path}/rows/`));
}

function doneAt({ answers }: VisitView, path: string, moment: Words): string | null {
  if (!part(answers, path, "done")) return null;
  const wall = part(answers, path, "wall");
  return typeof wall === "number" ? moment(wall) : say("已完成");
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
