"""Verbs on trainings: plan or record one, say that it was held and who came, drop a plan."""

from collections.abc import Collection
from datetime import date

from backend.core.errors import INVALID_INPUT, TRAINING_HELD, Refusal
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, transaction
from backend.registers.inspectors.queries import inspectors_of
from backend.registers.training.models import Training, TrainingAttendance
from backend.registers.training.queries import planned_as, training
from backend.registers.training.rules import KINDS


def plan_training(actor: Actor, title: str, kind: str, content: str, day: date | None) -> Training:
    """Put a training into the year's plan. Asked for twice, it is planned once."""
    require(actor, Capability.KEEP_INSPECTORS)
    if not title.strip() or not content.strip() or kind not in KINDS or day is None:
        raise Refusal(INVALID_INPUT, detail="培训名称、种类、内容和日期都要填")
    with transaction():
        hold_chain(actor.agency_id)
        if (there := planned_as(actor.agency_id, title.strip(), kind, content.strip(), day)) is not None:
            return there
        planned = Training(
            agency_id=actor.agency_id,
            department_id=actor.department_id,
            title=title.strip(),
            kind=kind,
            content=content.strip(),
            day=day,
            status="planned",
            entered_by_name=actor.name,
            entered_at=now(),
        )
        db.session.add(planned)
        db.session.flush()
        after = {"title": planned.title, "kind": kind, "day": day.isoformat()}
        record(actor, "training.plan", "training", planned.id, after=after)
        return planned


def hold_training(actor: Actor, training_id: int, day: date | None, attended: Collection[int]) -> Training:
    """Say on which day it was held and who took part; saying it again corrects it."""
    require(actor, Capability.KEEP_INSPECTORS)
    if day is None or day > today():
        raise Refusal(INVALID_INPUT, detail="举办日期要填，且不能在今天之后")
    known = {person.id: person.name for person in inspectors_of(actor.agency_id)}
    if not attended or not set(attended) <= set(known):
        raise Refusal(INVALID_INPUT, detail="请勾选参加的人")
    with transaction():
        held = training(actor.agency_id, training_id)
        before = {"day": held.day.isoformat(), "status": held.status, "attended": _ids(held)}
        held.day, held.status = day, "held"
        held.attendances = [TrainingAttendance(inspector_id=number) for number in sorted(set(attended))]
        db.session.flush()
        after = {"day": day.isoformat(), "status": "held", "attended": _ids(held)}
        record(actor, "training.hold", "training", held.id, before=before, after=after)
        return held


def drop_training(actor: Actor, training_id: int) -> None:
    """Take a planned training out of the plan; one that was held stays."""
    require(actor, Capability.KEEP_INSPECTORS)
    with transaction():
        planned = training(actor.agency_id, training_id)
        if planned.status == "held":
            raise Refusal(TRAINING_HELD, title=planned.title)
        before = {"title": planned.title, "day": planned.day.isoformat()}
        db.session.delete(planned)
        record(actor, "training.drop", "training", training_id, before=before)


def _ids(held: Training) -> list[int]:
    return sorted(attendance.inspector_id for attendance in held.attendances)
