"""Reads of the drawn teams."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backend.planning.draw.models import Pick
from backend.planning.matching.models import Seat
from backend.plumbing.db import db


@dataclass(frozen=True)
class TeamOf:
    """Who inspects one drawn entity: `(inspector id, position)`, position 0 leads."""

    entity_id: int
    draw_id: int
    members: tuple[tuple[int, int], ...]


def teams_of(task_id: int) -> Sequence[TeamOf]:
    """The team of each entity that a task drew and still has, in the order of the picks; an entity picked twice counts once."""
    picks = db.session.scalars(
        select(Pick).where(Pick.task_id == task_id, Pick.status == "picked").order_by(Pick.id)
    )
    drawn = dict.fromkeys((pick.entity_id, pick.draw_id) for pick in picks)
    return [TeamOf(entity_id, draw_id, _members(entity_id, draw_id)) for entity_id, draw_id in drawn]


def _members(entity_id: int, draw_id: int) -> tuple[tuple[int, int], ...]:
    seats = select(Seat).where(
        Seat.draw_id == draw_id,
        Seat.entity_id == entity_id,
        Seat.status == "seated",
        Seat.inspector_id.is_not(None),
    )
    found = db.session.scalars(seats.order_by(Seat.position))
    return tuple((seat.inspector_id, seat.position) for seat in found if seat.inspector_id is not None)
