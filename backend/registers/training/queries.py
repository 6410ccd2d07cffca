"""Reads of trainings."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select

from backend.core.errors import NOT_FOUND, Refusal
from backend.plumbing.db import db
from backend.registers.training.models import Training, TrainingAttendance


def trainings_of_year(agency_id: int, year: int) -> list[Training]:
    """The year's trainings, planned and held, in order of their days."""
    query = select(Training).where(
        Training.agency_id == agency_id, Training.day >= date(year, 1, 1), Training.day <= date(year, 12, 31)
    )
    return list(db.session.scalars(query.order_by(Training.day, Training.id)))


def planned_as(agency_id: int, title: str, kind: str, content: str, day: date) -> Training | None:
    """The planned training of just these facts."""
    query = select(Training).where(
        Training.agency_id == agency_id,
        Training.status == "planned",
        Training.title == title,
        Training.kind == kind,
        Training.content == content,
        Training.day == day,
    )
    return db.session.scalar(query)


def trainings_held(agency_id: int, first: date, last: date) -> list[Training]:
    """What was held within these days: name, attendance and content, as 001's monthly report asks."""
    query = select(Training).where(
        Training.agency_id == agency_id,
        Training.status == "held",
        Training.day >= first,
        Training.day <= last,
    )
    return list(db.session.scalars(query.order_by(Training.day, Training.id)))


def training(agency_id: int, training_id: int) -> Training:
    """One training of the agency; refused when not there or not theirs."""
    found = db.session.get(Training, training_id)
    if found is None or found.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="这次培训")
    return found


def trainings_attended(inspector_id: int) -> list[Training]:
    """What one person took part in, newest first."""
    query = (
        select(Training)
        .join(TrainingAttendance)
        .where(TrainingAttendance.inspector_id == inspector_id, Training.status == "held")
    )
    return list(db.session.scalars(query.order_by(Training.day.desc())))


def times_trained(agency_id: int, year: int) -> dict[int, int]:
    """How often each person took part this year, by inspector id."""
    held = [one.id for one in trainings_held(agency_id, date(year, 1, 1), date(year, 12, 31))]
    counted = (
        select(TrainingAttendance.inspector_id, func.count())
        .where(TrainingAttendance.training_id.in_(held))
        .group_by(TrainingAttendance.inspector_id)
    )
    return {row[0]: row[1] for row in db.session.execute(counted)}


def attendances(trainings: Iterable[Training]) -> int:
    """How many times somebody took part."""
    return sum(len(one.attendances) for one in trainings)
