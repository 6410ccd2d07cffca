"""Reads of received lists, and the teams of any task wherever it was drawn."""

from collections.abc import Collection

from sqlalchemy import select

from backend.core.errors import NOT_FOUND, Refusal
from backend.planning.draw.queries import TeamOf
from backend.planning.draw.queries import teams_of as drawn_teams_of
from backend.planning.received.models import ReceivedEntity, ReceivedList, ReceivedSeat
from backend.planning.received.rules import KnownCode
from backend.planning.tasks.models import Task
from backend.plumbing.bulk import among
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.entities.queries import standing_for
from backend.registers.entities.rules import DRAWABLE_STATUS, STATUSES
from backend.registers.inspectors.models import Inspector


def list_of(task: Task) -> ReceivedList:
    """The list behind a received task. Refuses NOT_FOUND for a task of our own."""
    held = db.session.get(ReceivedList, task.id)
    if held is None:
        raise Refusal(NOT_FOUND, what="接收的名单")
    return held


def known_codes(agency_id: int, codes: Collection[str]) -> dict[str, KnownCode]:
    """What these codes lead to in the directory today; merged entries to the one that stands for them."""
    written = select(Entity.id, Entity.code).where(Entity.agency_id == agency_id, among(Entity.code, codes))
    stands = standing_for(agency_id)
    ids = {code: stands.get(number, number) for number, code in db.session.execute(written)}
    states = dict(
        db.session.execute(select(Entity.id, Entity.status).where(among(Entity.id, ids.values()))).all()
    )
    return {
        code: KnownCode(number, "" if states[number] == DRAWABLE_STATUS else STATUSES[states[number]])
        for code, number in ids.items()
    }


def entities_of(task: Task) -> list[Entity]:
    """Whom the list names, in its order."""
    query = (
        select(Entity)
        .join(ReceivedEntity, ReceivedEntity.entity_id == Entity.id)
        .where(ReceivedEntity.task_id == task.id)
        .order_by(ReceivedEntity.id)
    )
    return list(db.session.scalars(query))


def named_seats(task: Task) -> dict[int, list[Inspector]]:
    """The team of each entity, leader first."""
    query = (
        select(ReceivedSeat.entity_id, Inspector)
        .join(Inspector, Inspector.id == ReceivedSeat.inspector_id)
        .where(ReceivedSeat.task_id == task.id, ReceivedSeat.status == "seated")
        .order_by(ReceivedSeat.position)
    )
    found: dict[int, list[Inspector]] = {}
    for entity_id, inspector in db.session.execute(query):
        found.setdefault(entity_id, []).append(inspector)
    return found


def teams_of(task: Task) -> list[TeamOf]:
    """Who goes where: by the task's own draw, or by the list that was received."""
    if task.origin == "own":
        return drawn_teams_of(task.id)
    seats: dict[int, list[tuple[int, int]]] = {}
    query = select(ReceivedSeat).where(ReceivedSeat.task_id == task.id, ReceivedSeat.status == "seated")
    for seat in db.session.scalars(query.order_by(ReceivedSeat.entity_id, ReceivedSeat.position)):
        seats.setdefault(seat.entity_id, []).append((seat.inspector_id, seat.position))
    return [TeamOf(entity_id, None, members) for entity_id, members in seats.items()]


def seats_of(task_id: int, entity_id: int) -> list[ReceivedSeat]:
    """Who goes to one entity of the list now, leader first."""
    query = select(ReceivedSeat).where(
        ReceivedSeat.task_id == task_id, ReceivedSeat.entity_id == entity_id, ReceivedSeat.status == "seated"
    )
    return list(db.session.scalars(query.order_by(ReceivedSeat.position)))


def standing_seat(task: Task, seat_id: int) -> ReceivedSeat:
    """A seat that somebody of this task's teams holds. Refuses NOT_FOUND."""
    seat = db.session.get(ReceivedSeat, seat_id)
    if seat is None or seat.task_id != task.id or seat.status != "seated":
        raise Refusal(NOT_FOUND, what="要调整的席位")
    return seat


def listed_entity(task: Task, entity_id: int) -> tuple[ReceivedEntity, Entity]:
    """One entity of the list, with its row. Refuses NOT_FOUND."""
    query = (
        select(ReceivedEntity, Entity)
        .join(Entity, Entity.id == ReceivedEntity.entity_id)
        .where(ReceivedEntity.task_id == task.id, ReceivedEntity.entity_id == entity_id)
    )
    found = db.session.execute(query).first()
    if found is None:
        raise Refusal(NOT_FOUND, what="名单里的这个对象")
    return found[0], found[1]
