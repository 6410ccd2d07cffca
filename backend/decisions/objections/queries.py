"""Reads of objections with their deadlines, and of corrections."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from backend.core.clock import day_in_china
from backend.core.errors import NOT_FOUND, Refusal
from backend.core.workdays import Deadline, WorkCalendar
from backend.decisions.objections.models import Correction, Objection
from backend.decisions.results.models import Result
from backend.foundation.rule_profiles.queries import deadline_for, work_calendar
from backend.foundation.rule_profiles.rules import RunningDeadline, deadline
from backend.planning.tasks.queries import rules_of_tasks
from backend.plumbing.db import db

RECEIVED, UPHELD, DISMISSED, TURNED_AWAY = "received", "upheld", "dismissed", "turned_away"
STATUS_WORDS = {
    RECEIVED: "待复查",
    UPHELD: "确有错误，更正",
    DISMISSED: "无错误，维持",
    TURNED_AWAY: "不予受理",
}
CHIPS = {RECEIVED: "waiting", UPHELD: "found", DISMISSED: "ok", TURNED_AWAY: "stopped"}


@dataclass(frozen=True)
class ObjectionLine:
    """An objection and the clock that runs: the review's until it is decided, then the answer's, then none."""

    objection: Objection
    running: Deadline | None

    @property
    def is_open(self) -> bool:
        return self.objection.answered_at is None


def objection_of(agency_id: int, objection_id: int) -> Objection:
    """The agency's objection; refused as not found otherwise."""
    query = select(Objection).where(Objection.agency_id == agency_id, Objection.id == objection_id)
    found = db.session.scalar(query.options(joinedload(Objection.result)))
    if found is None:
        raise Refusal(NOT_FOUND, what="这件异议")
    return found


def correction_of(agency_id: int, correction_id: int) -> Correction:
    """The agency's correction; refused as not found otherwise."""
    query = select(Correction).where(Correction.agency_id == agency_id, Correction.id == correction_id)
    found = db.session.scalar(query.options(joinedload(Correction.result)))
    if found is None:
        raise Refusal(NOT_FOUND, what="这份更正")
    return found


def locked_objection(agency_id: int, objection_id: int) -> Objection:
    """The objection as it is now, its row locked until the transaction ends."""
    objection_of(agency_id, objection_id)
    locked = select(Objection).where(Objection.id == objection_id).with_for_update()
    return db.session.scalars(locked.execution_options(populate_existing=True)).one()


def locked_correction(agency_id: int, correction_id: int) -> Correction:
    """The correction as it is now, its row locked until the transaction ends."""
    correction_of(agency_id, correction_id)
    locked = select(Correction).where(Correction.id == correction_id).with_for_update()
    return db.session.scalars(locked.execution_options(populate_existing=True)).one()


def objection_lines(agency_id: int) -> list[ObjectionLine]:
    """Every objection: those still open by deadline, then those answered, newest first."""
    query = select(Objection).where(Objection.agency_id == agency_id).order_by(Objection.id.desc())
    objections = db.session.scalars(query.options(joinedload(Objection.result)))
    lines = with_deadlines(agency_id, list(objections))
    still_open = [line for line in lines if line.is_open]
    answered = [line for line in lines if not line.is_open]
    return sorted(still_open, key=lambda line: line.running.due if line.running else date.max) + answered


def with_deadlines(
    agency_id: int, objections: Sequence[Objection], calendar: WorkCalendar | None = None
) -> list[ObjectionLine]:
    """Each objection with its running deadline, the rules and the calendar read once."""
    calendar = calendar or work_calendar(agency_id)
    tasks = _tasks_behind({objection.result_id for objection in objections})
    rules = rules_of_tasks(set(tasks.values()))

    def running(objection: Objection) -> Deadline | None:
        if objection.answered_at is not None:
            return None
        profile = rules[tasks[objection.result_id]]
        if objection.decided_at is not None:
            return deadline(profile, calendar, "objection_answer", day_in_china(objection.decided_at))
        return deadline(profile, calendar, "objection_review", day_in_china(objection.received_at))

    return [ObjectionLine(objection, running(objection)) for objection in objections]


def _tasks_behind(result_ids: Collection[int]) -> dict[int, int]:
    query = select(Result).where(Result.id.in_(result_ids))
    return {result.id: result.task_id for result in db.session.scalars(query)}


def tell_deadlines(agency_id: int, calendar: WorkCalendar, found: list[RunningDeadline]) -> None:
    """Answer `deadlines.asked` with the clocks of the objections that are not answered yet."""
    waiting = select(Objection).where(Objection.agency_id == agency_id, Objection.answered_at.is_(None))
    objections = list(
        db.session.scalars(waiting.options(joinedload(Objection.result)).order_by(Objection.id))
    )
    for line in with_deadlines(agency_id, objections, calendar):
        if line.running is not None:
            name = line.objection.result.entity_name
            found.append(RunningDeadline("objection", str(line.objection.id), name, line.running))


def lodge_deadline(result: Result) -> Deadline | None:
    """Until when an objection to a published result must be taken; None where the rules set no end."""
    assert result.published_at is not None, "only a published result can be objected to"
    rules = rules_of_tasks([result.task_id])[result.task_id]
    return deadline_for(result.agency_id, "objection_lodge", result.published_at, rules)


def corrections_of(result_id: int) -> list[Correction]:
    """The signed corrections of a result, oldest first: they are public."""
    query = select(Correction).where(Correction.result_id == result_id, Correction.signed_at.is_not(None))
    return list(db.session.scalars(query.order_by(Correction.id)))


def unsigned_corrections(agency_id: int) -> list[Correction]:
    """Corrections that wait for the head's signature."""
    query = select(Correction).where(Correction.agency_id == agency_id, Correction.signed_at.is_(None))
    return list(db.session.scalars(query.options(joinedload(Correction.result)).order_by(Correction.id)))


def objections_to(result_id: int) -> list[Objection]:
    """Every objection to a result, oldest first."""
    return list(
        db.session.scalars(select(Objection).where(Objection.result_id == result_id).order_by(Objection.id))
    )


def objection_with_receipt(receipt_no: str) -> Objection:
    """The objection that this receipt was given for. Refuses NOT_FOUND."""
    found = db.session.scalar(select(Objection).where(Objection.receipt_no == receipt_no.strip().upper()))
    if found is None:
        raise Refusal(NOT_FOUND, what="这个回执编号的异议")
    return found
