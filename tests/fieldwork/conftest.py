"""A dispatched visit of two inspectors, and scripted phones in their hands."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.demonstration.scripted_phone import ScriptedPhone
from backend.fieldwork.visits.opening import Assignment, open_visit
from backend.foundation.permissions.actor import Actor
from backend.planning.tasks.models import Task, TaskMatter
from backend.plumbing.db import db, transaction
from backend.plumbing.randomness import new_id
from backend.registers.entities.models import Entity
from backend.registers.matters.models import Matter
from tests.fieldwork.phones import Phones
from tests.people import INSPECTOR, LEADER, OFFICER, Person
from tests.registered import a_task, an_entity, enlisted, the_matter

Acting = Callable[[Person], Actor]


@pytest.fixture
def matter(context: Flask, acting: Acting) -> Matter:
    """节能监察, with the real form."""
    found = the_matter(acting(OFFICER).agency_id)
    db.session.commit()
    return found


@pytest.fixture
def task(context: Flask, acting: Acting, matter: Matter, clock: Any) -> Task:
    """A task that checks the one matter."""
    officer = acting(OFFICER)
    found = a_task(
        officer.agency_id,
        "SL2026-001",
        department_id=officer.department_id,
        title="2026年节能监察双随机抽查",
        window_from=date(2026, 7, 20),
        window_to=date(2026, 8, 14),
        status="matched",
        made_at=clock.now(),
        matters=[TaskMatter(matter_id=matter.id)],
    )
    db.session.commit()
    return found


@pytest.fixture
def dispatch(context: Flask, acting: Acting, task: Task) -> Callable[..., str]:
    """Open one visit of LEADER and INSPECTOR (or of whom is named); return its id."""

    def dispatched(number: int = 1, team: tuple[Person, ...] = (LEADER, INSPECTOR)) -> str:
        with transaction():
            officer = acting(OFFICER)
            entity = numbered_entity(officer.agency_id, number)
            seats = [(enlisted(acting(person)).id, place) for place, person in enumerate(team)]
            assignment = Assignment(
                task_id=task.id,
                task_title=task.title,
                serial=f"{task.serial}-{number:03d}",
                department_id=task.department_id,
                draw_id=None,
                entity_id=entity.id,
                window_from=task.window_from,
                window_to=task.window_to,
                matter_ids=[one.matter_id for one in task.matters],
                team=seats,
            )
            return open_visit(officer, assignment).id

    return dispatched


@pytest.fixture
def visit_id(dispatch: Callable[..., str]) -> str:
    """One dispatched visit."""
    return dispatch()


@pytest.fixture
def phones(context: Flask, log_in: Callable[[Person], FlaskClient], acting: Acting, clock: Any) -> Phones:
    """Gives a person a phone of their own, logged in and registered."""

    def make(person: Person) -> ScriptedPhone:
        browser = log_in(person)

        def send(
            method: str, address: str, json: Any = None, body: bytes | None = None, headers: Any = None
        ) -> Any:
            return browser.open(address, method=method, json=json, data=body, headers=headers)

        def wall() -> int:
            return int(clock.now().timestamp() * 1000)

        phone = ScriptedPhone(send, acting(person).user_id, wall, new_id)
        phone.register()
        return phone

    return Phones(make)


def numbered_entity(agency_id: int, number: int) -> Entity:
    """An entity of the agency with a made-up code."""
    return an_entity(agency_id, f"TEST:{number:04d}", f"示例市第{number}机械有限公司")
