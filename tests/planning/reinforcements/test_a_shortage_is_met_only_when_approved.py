"""People of other departments, of another agency, or appointed ones come in only where the rules know it and the head agrees."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from backend.core.errors import REINFORCEMENT_MISSING, REINFORCEMENT_WRONG, TOO_FEW_INSPECTORS, Refusal
from backend.foundation.accounts.queries import departments_of
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.foundation.rule_profiles.actions import follow_profile
from backend.planning.adjustments.deciding import appoint
from backend.planning.draw.files_at_rest import known_inspectors
from backend.planning.draw.views import named_teams
from backend.planning.reinforcements.actions import ask, decide
from backend.planning.tasks.models import Task
from backend.plumbing.db import db, transaction
from tests.people import HEAD, OFFICER, Person
from tests.planning.conftest import Stage
from tests.planning.directories import commit, hold_draw, task_from

WHY = "本科室只有两人在岗，任务量大"


def moved(stage: Stage, many: int) -> tuple[int, int]:
    """The officer's department and another one, to which the last `many` inspectors belong from now on."""
    own, other = (department.id for department in departments_of(stage.officer.agency_id)[:2])
    with transaction():
        for person in stage.inspectors[-many:]:
            person.department_id = other
    return own, other


def test_another_departments_people_are_drawn_only_once_it_was_approved(stage: Stage) -> None:
    own, other = moved(stage, 3)
    task = task_from(stage.officer, stage.plan)
    task_department = {task.department_id}
    assert task_department == {own}
    with pytest.raises(Refusal) as caught:
        commit(stage.officer, task, departments=[own, other])
    assert caught.value.problem is REINFORCEMENT_MISSING
    assert caught.value.citation is not None
    assert caught.value.citation.article == "10"
    with pytest.raises(Refusal) as lacking:
        ask(stage.officer, task.id, "across_departments", WHY, [other])
    assert lacking.value.problem is REINFORCEMENT_WRONG
    assert "培训" in lacking.value.sentence_zh
    asked = ask(stage.officer, task.id, "across_departments", WHY, [other], training="7月25日，节能科讲解")
    with pytest.raises(Refusal):
        commit(stage.officer, task, departments=[own, other])
    decide(stage.head, asked.id, True, "同意")
    draw = commit(stage.officer, task, departments=[own, other])
    assert len(known_inspectors(draw)) == len(stage.inspectors)


def test_neighbours_join_where_the_rules_know_them(stage: Stage) -> None:
    admin = Actor(0, stage.officer.agency_id, None, "李主管", frozenset({Role.ADMIN}))
    follow_profile(admin, "yiyuan-commerce")
    own, _ = moved(stage, 1)
    with transaction():
        for person in stage.inspectors[-2:]:
            person.organisation, person.department_id = "邻区商务局", None
    task = task_from(stage.officer, stage.plan)
    with pytest.raises(Refusal) as caught:
        commit(stage.officer, task, organisations=["邻区商务局"])
    assert caught.value.problem is REINFORCEMENT_MISSING
    decide(
        stage.head, ask(stage.officer, task.id, "neighbours", WHY, organisations=["邻区商务局"]).id, True, ""
    )
    draw = commit(stage.officer, task, departments=[own], organisations=["邻区商务局"])
    assert "邻区商务局" in draw.commit_doc["matching"]["eligible"]["A"]
    assert {i.inspector_id for i in known_inspectors(draw).values()} >= {p.id for p in stage.inspectors[-2:]}


def test_with_nobody_to_draw_the_entities_are_drawn_and_the_head_appoints(stage: Stage) -> None:
    moved(stage, len(stage.inspectors) - 1)
    task = task_from(stage.officer, stage.plan)
    with pytest.raises(Refusal) as caught:
        commit(stage.officer, task)
    assert caught.value.problem is TOO_FEW_INSPECTORS
    decide(stage.head, ask(stage.officer, task.id, "appoint", WHY).id, True, "同意直接委派")
    draw = hold_draw(stage.officer, task)
    assert db.session.get_one(Task, task.id).status == "drawn"
    seat = named_teams(draw)[0].seats[1].seat
    appoint(stage.head, draw.id, seat.id, stage.inspectors[-1].id, "本科室人手不足，直接委派")


def test_by_forms_alone(stage: Stage, log_in: Callable[[Person], FlaskClient]) -> None:
    _, other = moved(stage, 3)
    task = task_from(stage.officer, stage.plan)
    db.session.commit()
    page = f"/office/tasks/{task.id}/reinforcements"
    officer, head = log_in(OFFICER), log_in(HEAD)
    assert "局主要领导" in officer.get(page).text
    form = {"way": "across_departments", "reason": WHY, "departments": str(other)}
    assert officer.post(page, data=form).status_code == 422
    assert officer.post(page, data={**form, "training": "7月25日"}).status_code == 303
    assert "人员调配" in head.get("/office/").text
    decisions = "/office/reinforcements/1/decisions"
    assert officer.post(decisions, data={"granted": "yes"}).status_code == 403
    assert head.post(decisions, data={"granted": "yes"}).status_code == 303
    assert "郑局长" in officer.get(f"/office/draws/new?task={task.id}").text
