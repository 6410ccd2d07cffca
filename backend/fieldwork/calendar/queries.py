"""The windows that touch a month, for those who may see them."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from backend.fieldwork.calendar.rules import Window
from backend.fieldwork.visits.models import Visit, VisitMember
from backend.fieldwork.visits.rules import CAPTURING
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Capability
from backend.plumbing.db import db


def open_visits_between(actor: Actor, first: date, last: date) -> list[Visit]:
    """Visits that are still to be made or finished and whose windows touch these days; an inspector's own only."""
    query = select(Visit).where(
        Visit.agency_id == actor.agency_id,
        Visit.status.in_([status.value for status in CAPTURING]),
        Visit.window_from <= last,
        Visit.window_to >= first,
    )
    if not actor.may(Capability.SEE_EVERY_VISIT):
        mine = select(VisitMember.visit_id).where(VisitMember.user_id == actor.user_id)
        query = query.where(Visit.id.in_(mine))
    return list(db.session.scalars(query.order_by(Visit.window_to, Visit.serial)))


def windows_of(visits: Iterable[Visit]) -> list[Window]:
    """One window for each task and stretch of days, weighed by its visits."""
    counted: dict[tuple[int, date, date], tuple[str, int]] = {}
    for visit in visits:
        key = (visit.task_id, visit.window_from, visit.window_to)
        counted[key] = (visit.task_title, counted.get(key, ("", 0))[1] + 1)
    return [
        Window(f"{task}-{begins}-{ends}", title, begins, ends, weight)
        for (task, begins, ends), (title, weight) in counted.items()
    ]
