import type { PhoneStore } from "@/store/database";
import { allVisits, awaitsApprovalBy } from "@/store/overview";
import type { VisitRow } from "@/store/schema";
import { readVisit, type VisitView } from "@/store/visit_view";
import { isoDay } from "@/ui/words";

export interface Today {
  here: VisitRow[];
  current: VisitView | null;
  others: VisitRow[];
  later: VisitRow[];
  toApprove: number;
  all: number;
  /** Visits approved, or closed as ones that could not be made. */
  finished: number;
  formsMissing: number;
  /** Visits with a matter that no checklist is made for. */
  withoutForm: number;
  counts: { done: number; doing: number; open: number };
}

const FINISHED = new Set(["approved", "closed"]);

/** The visits whose window is open, the one under way first; what comes later; whether every checklist is here. */
export async function readToday(store: PhoneStore, userId: number, now: number): Promise<Today> {
  const today = isoDay(now);
  const visits = (await allVisits(store)).sort((left, right) =>
    left.body.window.to.localeCompare(right.body.window.to),
  );
  const live = visits.filter((visit) => !FINISHED.has(visit.body.status));
  const here = live.filter((visit) => visit.body.window.from <= today);
  const later = live
    .filter((visit) => visit.body.window.from > today && !isHandedOver(visit))
    .sort((left, right) => left.body.window.from.localeCompare(right.body.window.from));
  const doing = here.filter(isUnderWay).sort((left, right) => (right.body.startedAt ?? 0) - (left.body.startedAt ?? 0));
  const done = here.filter(isHandedOver);
  const views = await Promise.all(live.map((visit) => readVisit(store, visit.id)));
  const next = doing[0] ?? here.find((visit) => visit.body.status === "dispatched" && !isHandedOver(visit));
  return {
    here,
    current: next ? (views.find((view) => view?.row.id === next.id) ?? null) : null,
    others: here.filter((visit) => visit !== next),
    later,
    toApprove: live.filter((visit) => awaitsApprovalBy(userId, visit)).length,
    all: live.length,
    finished: visits.length - live.length,
    formsMissing: views.filter((view) => (view?.formsMissing ?? 0) > 0).length,
    withoutForm: views.filter((view) => view?.body.matters.some((one) => !one.formSha)).length,
    counts: { done: done.length, doing: doing.length, open: here.length - done.length - doing.length },
  };
}

export function isHandedOver(visit: VisitRow): boolean {
  return visit.body.status === "submitted" || (visit.local.submittedAt !== null && visit.body.status !== "approved");
}

function isUnderWay(visit: VisitRow): boolean {
  const status = visit.body.status;
  return (status === "in_progress" || status === "returned") && visit.local.submittedAt === null;
}
