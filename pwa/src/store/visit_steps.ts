import { type Step, stepsOf } from "@/engine/steps";
import type { VisitView } from "./visit_view";

type Words = (at: number) => string;

/** The six steps of a visit as it stands on this phone; `moment` says a time in words. */
export function visitSteps(view: VisitView, moment: Words): Step[] {
  const { body, row, gaps, checklists } = view;
  const submittedAt = row.local.submittedAt ?? body.submittedAt;
  return stepsOf({
    status: body.status,
    submittedHere: row.local.submittedAt !== null,
    noticeName: "检查通知书",
    certificatesAt: doneAt(view, "/steps/certificates", moment),
    noticeAt: doneAt(view, "/steps/notice", moment),
    answered: sum(checklists.map((one) => one.seen.answered)),
    total: sum(checklists.map((one) => one.seen.total)),
    checklistGaps: gaps.checklists.length + view.formsMissing,
    toMend: body.status === "returned" && view.digest === body.digest ? body.returned.length : 0,
    missingPhotos: sum(checklists.map((one) => one.seen.missingPhotos.length)),
    conflicts: gaps.conflicts.length,
    recordGaps: gaps.record.length,
    signaturesMissing: gaps.signatures.map((gap) => gap.what),
    submittedAt: submittedAt ? moment(submittedAt) : null,
  });
}

/** Whether the answer at a path may still change on this phone. */
export function mayChange(view: VisitView, path: string): boolean {
  const { status, returned } = view.body;
  if (view.row.local.submittedAt !== null) return false;
  // A table is returned as a whole: its cells stand at `<path>/rows/…`.
  if (status === "returned") return returned.some((one) => one.path === path || path.startsWith(`${one.path}/rows/`));
  return status === "dispatched" || status === "in_progress";
}

function doneAt(view: VisitView, path: string, moment: Words): string | null {
  const value = view.answers[path] as { done?: boolean; wall?: number } | null | undefined;
  return value?.done ? (value.wall ? moment(value.wall) : "已完成") : null;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
