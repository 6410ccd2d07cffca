"""The clocks of visits and of the tasks they belong to (rules.md "Clocks")."""

from collections.abc import Iterable, Mapping
from datetime import date

from sqlalchemy import select

from backend.core.clock import day_in_china
from backend.core.workdays import Deadline, WorkCalendar
from backend.fieldwork.visits.models import MergedTask, Visit
from backend.fieldwork.visits.queries import rules_of
from backend.fieldwork.visits.rules import CAPTURING, VisitStatus, task_done_on
from backend.foundation.rule_profiles.queries import work_calendar
from backend.foundation.rule_profiles.rules import RuleProfile, RunningDeadline, deadline
from backend.planning.tasks.queries import rules_of_tasks
from backend.plumbing.db import db


def tasks_done(task_ids: Iterable[int]) -> Mapping[int, date]:
    """The day on which each task is done, or its window's end while it is not."""
    visits: dict[int, list[Visit]] = {}
    standing = select(Visit).where(Visit.task_id.in_(list(task_ids)), Visit.status != VisitStatus.WITHDRAWN)
    for visit in db.session.scalars(standing):
        visits.setdefault(visit.task_id, []).append(visit)
    carried = (
        select(MergedTask.task_id, Visit)
        .join(Visit, Visit.id == MergedTask.visit_id)
        .where(MergedTask.task_id.in_(list(task_ids)), Visit.status != VisitStatus.WITHDRAWN)
    )
    for task_id, visit in db.session.execute(carried):
        visits.setdefault(task_id, []).append(visit)
    rules = rules_of_tasks(visits)
    return {
        task_id: task_done_on(
            [visit_end(visit, rules[task_id]) for visit in of_task],
            max(visit.window_to for visit in of_task),
        )
        for task_id, of_task in visits.items()
    }


def visit_end(visit: Visit, rules: RuleProfile) -> date | None:
    """The day a visit was submitted, or closed as cannot-inspect where that counts as done; None before."""
    if visit.status == "closed" and visit.closed_at:
        return day_in_china(visit.closed_at) if rules.flag("cannot_inspect.counts_as_done") else None
    if visit.status in ("submitted", "approved") and visit.submitted_at:
        return day_in_china(visit.submitted_at)
    return None


def visit_deadlines(visit: Visit, calendar: WorkCalendar | None = None) -> list[Deadline]:
    """The clocks a team sees: its window while it captures (the plan fixes the time), the result report afterwards.

    The report's clock hangs on the end of the whole task, as everywhere (rules.md "Clocks").
    """
    rules, calendar = rules_of(visit), calendar or work_calendar(visit.agency_id)
    if visit.submitted_at or visit.closed_at:
        report = deadline(rules, calendar, "report", tasks_done([visit.task_id])[visit.task_id])
        return [report] if report else []
    begun, ends = visit.window_from, visit.window_to
    workdays = max(0, calendar.between(begun, ends))
    return [Deadline("window", begun, workdays, calendar, rules.cite("plan.fields"), ends)]


def tell_windows(agency_id: int, calendar: WorkCalendar, found: list[RunningDeadline]) -> None:
    """Answer `deadlines.asked` with the windows of the visits that are still under way."""
    under_way = select(Visit).where(Visit.agency_id == agency_id, Visit.status.in_(CAPTURING))
    for visit in db.session.scalars(under_way.order_by(Visit.serial)):
        found += [
            RunningDeadline("visit", visit.id, visit.entity_snapshot["name"], each)
            for each in visit_deadlines(visit, calendar)
        ]
