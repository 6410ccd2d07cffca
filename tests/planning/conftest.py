"""The acting people of planning, and directories with a published plan to draw from."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from backend.foundation.permissions.actor import Actor
from backend.planning.annual_plan.models import Plan
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector
from tests.people import HEAD, OFFICER, OVERSIGHT, Person
from tests.planning.directories import add_entities, add_inspectors, add_matters, publish_a_plan

Acting = Callable[[Person], Actor]


@dataclass(frozen=True)
class Stage:
    """Everything a draw needs, and the people who hold it."""

    officer: Actor
    head: Actor
    oversight: Actor
    matters: list[int]
    entities: list[Entity]
    inspectors: list[Inspector]
    plan: Plan


@pytest.fixture
def officer(acting: Acting) -> Actor:
    return acting(OFFICER)


@pytest.fixture
def head(acting: Acting) -> Actor:
    return acting(HEAD)


@pytest.fixture
def oversight(acting: Acting) -> Actor:
    return acting(OVERSIGHT)


@pytest.fixture
def stage(officer: Actor, head: Actor, oversight: Actor) -> Stage:
    matters = add_matters(officer.agency_id, ("工业节能监察", "安全生产检查"))
    entities = add_entities(officer.agency_id)
    inspectors = add_inspectors(officer.agency_id)
    plan = publish_a_plan(officer, head, oversight)
    return Stage(officer, head, oversight, matters, entities, inspectors, plan)
