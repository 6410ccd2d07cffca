"""What planning drew and matched becomes visits on phones, once."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from backend.core.errors import INSPECTORS_WITHOUT_LOGIN, Refusal
from backend.fieldwork.visits.queries import visits_of_task
from backend.foundation.permissions.actor import Actor
from backend.planning.draw.models import Draw, Pick
from backend.planning.matching.models import Seat
from backend.planning.tasks.models import Task
from backend.plumbing.db import db, transaction
from backend.plumbing.events import announce
from tests.fieldwork.conftest import numbered_entity
from tests.people import INSPECTOR, LEADER, OFFICER, Person
from tests.registered import enlisted


def _draw(officer: Actor, task: Task, acting: Callable[[Person], Actor], clock: Any) -> None:
    draw = Draw(
        agency_id=officer.agency_id,
        year=2026,
        number=1,
        serial="2026-001",
        title=task.title,
        status="locked",
        folder="draws/2026-001",
        commit_doc={},
        commitment="0" * 64,
        nonce_sealed="",
        left_out=[],
        committed_by_name=officer.name,
        published_at=clock.now(),
        reveal_by=clock.now().date(),
    )
    db.session.add(draw)
    db.session.flush()
    for number in (1, 2):
        entity = numbered_entity(officer.agency_id, number)
        statuses = ("picked", "picked") if number == 1 else ("picked",)
        for place, status in enumerate(statuses):
            pick = Pick(
                draw_id=draw.id,
                task_id=task.id,
                entity_id=entity.id,
                code=entity.code,
                stratum=f"节能/{place}",
                rank=number,
                ticket="0" * 64,
                status=status,
            )
            db.session.add(pick)
        db.session.flush()
        for position, person in enumerate((INSPECTOR, LEADER)):
            seat = Seat(
                draw_id=draw.id,
                pick_id=pick.id,
                entity_id=entity.id,
                position=position,
                inspector_id=enlisted(acting(person)).id,
                inspector_draw_id=f"P00{position}",
                status="seated",
            )
            db.session.add(seat)
    replaced = numbered_entity(officer.agency_id, 3)
    gone = Pick(
        draw_id=draw.id,
        task_id=task.id,
        entity_id=replaced.id,
        code=replaced.code,
        stratum="节能/0",
        rank=3,
        ticket="0" * 64,
        status="replaced",
    )
    db.session.add(gone)
    db.session.commit()


def test_each_drawn_entity_gets_one_visit_and_a_second_dispatch_none(
    context: Flask, task: Task, acting: Callable[[Person], Actor], clock: Any
) -> None:
    officer = acting(OFFICER)
    _draw(officer, task, acting, clock)
    for _ in range(2):
        with transaction():
            announce("task.dispatched", actor=officer, task_id=task.id)
    visits = visits_of_task(task.id)
    assert [visit.entity_snapshot["code"] for visit in visits] == ["TEST:0001", "TEST:0002"]
    assert [visit.serial for visit in visits] == [f"{task.serial}-001", f"{task.serial}-002"]
    assert [[member.name for member in visit.members] for visit in visits] == [
        [INSPECTOR.name, LEADER.name]
    ] * 2
    assert [visit.members[0].is_leader for visit in visits] == [True, True]
    assert visits[1].numbers[0].number == "示工信检通〔2026〕0002号"


def test_a_refused_dispatch_names_all_who_have_no_login_and_opens_nothing(
    context: Flask, task: Task, acting: Callable[[Person], Actor], clock: Any
) -> None:
    officer = acting(OFFICER)
    _draw(officer, task, acting, clock)
    for person in (INSPECTOR, LEADER):
        enlisted(acting(person)).user_id = None
    db.session.commit()
    with pytest.raises(Refusal) as refused, transaction():
        announce("task.dispatched", actor=officer, task_id=task.id)
    assert refused.value.problem is INSPECTORS_WITHOUT_LOGIN
    assert all(person.name in refused.value.sentence_zh for person in (INSPECTOR, LEADER))
    db.session.rollback()
    assert visits_of_task(task.id) == []
