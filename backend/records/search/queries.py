"""What the words of a search find, kind by kind; each kind says how many there are beyond those shown."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import Select, func, or_, select

from backend.fieldwork.visits.models import Visit
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Capability
from backend.planning.tasks.models import Task
from backend.planning.tasks.rules import STATUSES
from backend.plumbing.db import db
from backend.records.dossier.models import Dossier
from backend.records.dossier.queries import visible_dossiers, visits_behind
from backend.registers.entities.models import Entity
from backend.registers.entities.queries import Filters, count_entities, page_of_entities

SHOWN = 10
LEAST_LETTERS = 2


@dataclass(frozen=True)
class Hit:
    title: str
    detail: str
    href: str


@dataclass(frozen=True)
class Kind:
    """One kind of thing that was found. `more` leads to the whole list, where there is one."""

    label: str
    icon: str
    total: int
    hits: list[Hit]
    more: str = ""


def search(actor: Actor, words: str) -> list[Kind]:
    """Every kind with at least one hit that the person may open; nothing for fewer than two letters."""
    if len(words) < LEAST_LETTERS:
        return []
    kinds = (find(actor, words) for find, capability in FINDERS if actor.may(capability))
    return [kind for kind in kinds if kind.hits]


def _entities(actor: Actor, words: str) -> Kind:
    filters = Filters(words=words)
    found = page_of_entities(actor.agency_id, filters, SHOWN)
    hits = [
        Hit(one.name, f"{one.code}　{one.address}", url_for("entities.one", entity_id=one.id))
        for one in found
    ]
    more = url_for("entities.entities", q=words)
    return Kind("检查对象", "store", count_entities(actor.agency_id, filters), hits, more)


def _tasks(actor: Actor, words: str) -> Kind:
    named = or_(Task.title.contains(words, autoescape=True), Task.serial.contains(words, autoescape=True))
    query = select(Task).where(Task.agency_id == actor.agency_id, named)
    found = db.session.scalars(query.order_by(Task.id.desc()).limit(SHOWN))
    hits = [
        Hit(one.title, f"{one.serial}　{STATUSES[one.status]}", url_for("tasks.one", task_id=one.id))
        for one in found
    ]
    return Kind("抽查任务", "layers", _count(query), hits)


def _dossiers(actor: Actor, words: str) -> Kind:
    named = or_(
        Visit.serial.contains(words, autoescape=True),
        Entity.name.contains(words, autoescape=True),
        Dossier.reference.contains(words, autoescape=True),
    )
    query = (
        visible_dossiers(actor)
        .join(Visit, Visit.id == Dossier.visit_id)
        .join(Entity, Entity.id == Visit.entity_id)
        .where(named)
    )
    found = list(db.session.scalars(query.order_by(Dossier.id.desc()).limit(SHOWN)))
    visits = visits_behind(found)
    hits = [
        Hit(
            visits[one.visit_id].entity_snapshot["name"],
            f"{visits[one.visit_id].serial}　{visits[one.visit_id].task_title}　{one.reference or ''}",
            url_for("dossier.one", dossier_id=one.id),
        )
        for one in found
    ]
    return Kind("检查与档案", "folder-open", _count(query), hits)


def _count(query: Select[Task] | Select[Dossier]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


FINDERS: tuple[tuple[Callable[[Actor, str], Kind], Capability], ...] = (
    (_entities, Capability.USE_OFFICE),
    (_tasks, Capability.SEE_PLANNING),
    (_dossiers, Capability.SEE_DOSSIERS),
)
