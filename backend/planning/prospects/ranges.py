"""A task's range as conditions that the database decides: which class holds an entity, and which marks it carries."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Text, and_, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from backend.planning.draw.roster import range_of
from backend.planning.scopes.rules import UNGRADED, EntityClass, Scope
from backend.planning.tasks.models import Task
from backend.plumbing.db import db
from backend.registers.entities.models import Entity

Condition = ColumnElement[bool]


@dataclass(frozen=True)
class Marked:
    """How many entities share a grade, a status and flags."""

    grade: str
    status: str
    flags: frozenset[str]
    count: int


def within(task: Task, scope: Scope) -> Condition:
    """Everyone in a scope of a task, classified directories and flags included."""
    found = range_of(task, scope)
    if directory := scope.get("directory"):
        found.append(holds(Entity.directories, directory))
    if flag := scope.get("flag"):
        found.append(holds(Entity.flags, flag))
    return and_(*found)


def drawn_from(task: Task, one: EntityClass) -> Condition:
    """Of a class's range, the grades that it draws from."""
    graded = Entity.risk_grade.in_([grade for grade in one.amounts if grade != UNGRADED])
    ungraded = [Entity.risk_grade.is_(None)] if UNGRADED in one.amounts else []
    return and_(within(task, one.scope), or_(graded, *ungraded))


def holds(column: InstrumentedAttribute[list[str]], word: str) -> Condition:
    """Whether a list kept as JSON holds a word, however its letters were spelled when it was written."""
    text = cast(column, Text)
    spellings: Sequence[str] = (json.dumps(word), json.dumps(word, ensure_ascii=False))
    return or_(*(text.contains(spelled, autoescape=True) for spelled in dict.fromkeys(spellings)))


def counted(condition: Condition) -> list[Marked]:
    """How many meet a condition, by what they share."""
    marks = (Entity.risk_grade, Entity.status, cast(Entity.flags, Text))
    rows = db.session.execute(select(*marks, func.count()).where(condition).group_by(*marks))
    return [
        Marked(grade or UNGRADED, status, frozenset(json.loads(flags)), count)
        for grade, status, flags, count in rows
    ]
