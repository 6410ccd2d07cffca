"""Reads of the entity directory: the list with its filters, one entity with its history, exemptions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.accounts.models import Department
from backend.foundation.accounts.queries import departments_of
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.plumbing.db import db
from backend.registers.columns.rules import Column, Fault, GoodRow, RowCheck, Standing
from backend.registers.entities.columns import KEY_FIELD, columns
from backend.registers.entities.models import Entity, EntityChange, Exemption
from backend.registers.entities.rules import DRAWABLE_STATUS

_KEEPERS_OF_ALL = frozenset({Role.ADMIN, Role.OVERSIGHT})


@dataclass(frozen=True)
class Filters:
    """What the list of entities is narrowed to; an empty word narrows nothing."""

    words: str = ""
    grade: str = ""
    region: str = ""
    kind: str = ""
    status: str = ""
    department_id: int | None = None


def entity_columns(agency_id: int) -> tuple[Column, ...]:
    """The spreadsheet's columns for this agency."""
    return columns({department.name: department.id for department in departments_of(agency_id)})


def entity(agency_id: int, entity_id: int) -> Entity:
    """One entity of the agency; refused when it is not there or not theirs."""
    found = db.session.get(Entity, entity_id)
    if found is None or found.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="检查对象")
    return found


def page_of_entities(
    agency_id: int, filters: Filters, limit: int, after: int | None = None, before: int | None = None
) -> list[Entity]:
    """One page in the order of entry, keyset paging by id: what follows `after` or precedes `before`."""
    query = _narrowed(select(Entity), agency_id, filters)
    if before is not None:
        earlier = db.session.scalars(query.where(Entity.id < before).order_by(Entity.id.desc()).limit(limit))
        return list(earlier)[::-1]
    if after is not None:
        query = query.where(Entity.id > after)
    return list(db.session.scalars(query.order_by(Entity.id).limit(limit)))


def every_entity(agency_id: int, filters: Filters) -> list[Entity]:
    """All entities that the filters leave, in the order of entry."""
    return list(db.session.scalars(_narrowed(select(Entity), agency_id, filters).order_by(Entity.id)))


def count_entities(agency_id: int, filters: Filters) -> int:
    """How many entities the filters leave."""
    return db.session.scalar(_narrowed(select(func.count(Entity.id)), agency_id, filters)) or 0


def regions_of(agency_id: int) -> list[str]:
    """The regions that occur in the directory."""
    found = select(Entity.region).where(Entity.agency_id == agency_id, Entity.region != "").distinct()
    return sorted(db.session.scalars(found))


def history_of(entity_id: int) -> list[EntityChange]:
    """Every change of an entity, newest first."""
    query = select(EntityChange).where(EntityChange.entity_id == entity_id)
    return list(db.session.scalars(query.order_by(EntityChange.id.desc())))


def exemptions_on(agency_id: int, day: date) -> list[Exemption]:
    """The exemptions that hold on this day."""
    return list(db.session.scalars(select(Exemption).where(_holds(agency_id, day)).order_by(Exemption.id)))


def exemption_of(agency_id: int, entity_id: int, day: date) -> Exemption | None:
    """The exemption of this entity that holds on this day, if any."""
    query = select(Exemption).where(_holds(agency_id, day), Exemption.entity_id == entity_id)
    return db.session.scalar(query.limit(1))


def drawable_entities(agency_id: int) -> list[Entity]:
    """Every entity that can be in a draw at all, by code."""
    query = select(Entity).where(Entity.agency_id == agency_id, Entity.status == DRAWABLE_STATUS)
    return list(db.session.scalars(query.order_by(Entity.code)))


def standing_entities(agency_id: int) -> Mapping[str, Standing]:
    """The directory by code, for comparison with a file."""
    names = [column.field for column in columns({})]
    query = select(Entity.id, *(getattr(Entity, name) for name in names)).where(Entity.agency_id == agency_id)
    found = {}
    for number, *values in db.session.execute(query):
        record = dict(zip(names, values, strict=True))
        found[record[KEY_FIELD]] = Standing(number, record)
    return found


def kept_by_own_department(actor: Actor, standing: Mapping[str, Standing]) -> RowCheck:
    """Refuse rows of entities that another department keeps (谁管辖、谁维护), unless the actor keeps all."""
    if actor.roles & _KEEPERS_OF_ALL:
        return lambda row: ()
    names = {department.id: department.name for department in departments_of(actor.agency_id)}

    def check(row: GoodRow) -> list[Fault]:
        known = standing.get(row.values[KEY_FIELD])
        keeper = known.values["department_id"] if known else None
        if keeper is None or keeper == actor.department_id:
            return []
        sentence = f"这一户由{names[keeper]}维护，请找该科室更改"
        return [Fault(row.addresses[KEY_FIELD], "维护科室", row.values[KEY_FIELD], sentence)]

    return check


def keeper_of(found: Entity) -> str:
    """The name of the department that keeps an entity; empty when kept in common."""
    return db.session.get_one(Department, found.department_id).name if found.department_id else ""


def _narrowed(query: Select[Any], agency_id: int, filters: Filters) -> Select[Any]:
    query = query.where(Entity.agency_id == agency_id)
    for word in filters.words.split():
        query = query.where(
            or_(
                Entity.name.contains(word, autoescape=True),
                Entity.code.contains(word.upper(), autoescape=True),
                Entity.address.contains(word, autoescape=True),
            )
        )
    for column, wanted in (
        (Entity.risk_grade, filters.grade),
        (Entity.region, filters.region),
        (Entity.kind, filters.kind),
        (Entity.status, filters.status),
        (Entity.department_id, filters.department_id),
    ):
        if wanted:
            query = query.where(column == wanted)
    return query


def _holds(agency_id: int, day: date) -> ColumnElement[bool]:
    return and_(
        Exemption.agency_id == agency_id,
        Exemption.ended_at.is_(None),
        Exemption.valid_from <= day,
        or_(Exemption.valid_to.is_(None), Exemption.valid_to >= day),
    )
