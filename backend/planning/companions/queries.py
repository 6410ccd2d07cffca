"""Reads of those who go along, and of whom could be drawn or appointed."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from backend.core.errors import NOT_FOUND, Refusal
from backend.planning.companions.models import Companion
from backend.planning.companions.rules import GOING
from backend.planning.draw.apart import recusals_among
from backend.planning.draw.queries import draw_of_task
from backend.planning.draw.seed import keys_of
from backend.planning.received.queries import list_of, teams_of
from backend.planning.tasks.models import Task
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector
from backend.registers.inspectors.queries import inspectors_of, leaves_of
from backend.registers.inspectors.rules import away_until


@dataclass(frozen=True)
class Outing:
    """One entity of a task with its team and those who go along."""

    entity: Entity
    team: list[str]
    companions: list[Companion]


def companion_of(agency_id: int, companion_id: int) -> Companion:
    """One entry of this agency. Refuses NOT_FOUND."""
    found = db.session.get(Companion, companion_id)
    if found is None or found.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="这名随同人员")
    return found


def companions_of(task_id: int, entity_id: int) -> list[Companion]:
    """Who goes along to one entity, in the order of naming."""
    query = select(Companion).where(
        Companion.task_id == task_id, Companion.entity_id == entity_id, Companion.status.in_(GOING)
    )
    return list(db.session.scalars(query.order_by(Companion.id)))


def named_for(task_id: int, entity_id: int) -> list[Companion]:
    """Everyone ever named for one entity, whatever became of it."""
    query = select(Companion).where(Companion.task_id == task_id, Companion.entity_id == entity_id)
    return list(db.session.scalars(query.order_by(Companion.id)))


def last_named(task_id: int) -> int:
    """The newest entry of a task; 0 where there is none."""
    return db.session.scalar(select(func.max(Companion.id)).where(Companion.task_id == task_id)) or 0


def asked_companions(agency_id: int) -> list[tuple[Companion, Entity]]:
    """Appointments, and drawn experts' leavings, that wait for the unit's leader."""
    query = (
        select(Companion, Entity)
        .join(Entity, Entity.id == Companion.entity_id)
        .where(Companion.agency_id == agency_id, Companion.status.in_(("asked", "leaving")))
    )
    return [(companion, entity) for companion, entity in db.session.execute(query.order_by(Companion.id))]


def outings_of(task: Task) -> list[Outing]:
    """Every entity of the task, with team and companions, whatever became of these."""
    teams = teams_of(task)
    ids = [team.entity_id for team in teams]
    entities = {e.id: e for e in db.session.scalars(select(Entity).where(Entity.id.in_(ids)))}
    people = {i for team in teams for i, _ in team.members}
    names = {i.id: i.name for i in db.session.scalars(select(Inspector).where(Inspector.id.in_(people)))}
    named: dict[int, list[Companion]] = {}
    query = select(Companion).where(Companion.task_id == task.id).order_by(Companion.id)
    for companion in db.session.scalars(query):
        named.setdefault(companion.entity_id, []).append(companion)
    return [
        Outing(entities[t.entity_id], [names[i] for i, _ in t.members], named.get(t.entity_id, []))
        for t in teams
    ]


def experts_for(task: Task, entity_id: int, speciality: str = "") -> list[Inspector]:
    """Experts in post who have no ties with the entity, are not away throughout and were never named for it.

    Who left does not come back by a further draw: the next ticket enters, as it does among the entities (draw.md 1.9).
    """
    present = {c.inspector_id for c in named_for(task.id, entity_id)}
    able = [
        person
        for person in inspectors_of(task.agency_id)
        if person.is_expert and person.status == "active" and person.id not in present
    ]
    tied = {i for i, _ in recusals_among(task.agency_id, able, [entity_id])}
    leaves: dict[int, list[tuple[date, date]]] = {}
    for leave in leaves_of(task.agency_id):
        leaves.setdefault(leave.inspector_id, []).append((leave.first, leave.last))
    return [
        person
        for person in able
        if person.id not in tied
        and (not speciality or speciality in person.specialities)
        and (away_until(leaves.get(person.id, []), task.window_from) or date.min) < task.window_to
    ]


def specialities_of(agency_id: int) -> list[str]:
    """What the agency's experts are good at."""
    experts = (
        person for person in inspectors_of(agency_id) if person.is_expert and person.status == "active"
    )
    return sorted({word for person in experts for word in person.specialities})


def matching_key_of(task: Task) -> bytes | None:
    """The key by which the task's teams were found: of its locked draw, or of the received list."""
    if task.origin != "own":
        key = list_of(task).matching_key
        return bytes.fromhex(key) if key else None
    draw = draw_of_task(task.id)
    if draw is None or draw.status != "locked" or draw.record is None:
        return None
    return keys_of(bytes.fromhex(draw.record["seed"])).inspector
