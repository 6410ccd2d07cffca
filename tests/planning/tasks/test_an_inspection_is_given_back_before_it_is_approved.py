"""The leader approves an inspection or gives it back with the reason; nothing goes out meanwhile, in a hurry neither."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from backend.core.errors import INSPECTION_RETURNED, REASON_TOO_SHORT, TASK_NOT_IN_STATE, Refusal
from backend.planning.tasks.actions import approve_inspection, dispatch, prepare_dispatch, return_inspection
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import task_of, tasks_to_approve
from backend.plumbing.db import db
from tests.people import HEAD, OFFICER, Person
from tests.planning.conftest import Stage
from tests.planning.directories import give_logins, hold_draw, task_from

PLAN = "分工：组长组织，组员记录"


@pytest.fixture
def task(stage: Stage) -> Task:
    give_logins(stage.inspectors)
    made = task_from(stage.officer, stage.plan)
    hold_draw(stage.officer, made)
    prepare_dispatch(stage.officer, made.id, "enter", "要看现场设备", PLAN)
    return task_of(stage.officer.agency_id, made.id)


def test_what_is_given_back_waits_for_the_officer_and_goes_out_in_no_way(stage: Stage, task: Task) -> None:
    with pytest.raises(Refusal) as caught:
        return_inspection(stage.head, task.id, " 否 ")
    assert caught.value.problem is REASON_TOO_SHORT
    return_inspection(stage.head, task.id, "先说明为什么不能书面核查")
    assert tasks_to_approve(stage.head.agency_id) == []
    ways: list[Callable[[], None]] = [
        lambda: dispatch(stage.officer, task.id),
        lambda: dispatch(stage.officer, task.id, "企业明天停产"),
        lambda: approve_inspection(stage.head, task.id, "同意"),
        lambda: return_inspection(stage.head, task.id, "再退一次"),
    ]
    for way in ways:
        with pytest.raises(Refusal) as caught:
            way()
        assert caught.value.problem is INSPECTION_RETURNED
        assert "先说明为什么不能书面核查" in caught.value.sentence_zh
    prepare_dispatch(stage.officer, task.id, "enter", "书面核查看不到在用设备的铭牌", PLAN)
    assert [waiting.id for waiting in tasks_to_approve(stage.head.agency_id)] == [task.id]
    approve_inspection(stage.head, task.id, "同意")
    dispatch(stage.officer, task.id)
    with pytest.raises(Refusal) as caught:
        return_inspection(stage.head, task.id, "反悔不算数")
    assert caught.value.problem is TASK_NOT_IN_STATE


def test_an_approval_to_be_made_up_may_be_given_back_too(stage: Stage, task: Task) -> None:
    dispatch(stage.officer, task.id, "企业明天停产")
    return_inspection(stage.head, task.id, "紧急的情形要写清楚")
    prepare_dispatch(stage.officer, task.id, "enter", "接到停产通知，次日设备拆除", PLAN)
    approve_inspection(stage.head, task.id, "补办，同意")
    assert task_of(stage.officer.agency_id, task.id).approved_by_name == "郑局长"


def test_by_forms_alone(stage: Stage, task: Task, log_in: Callable[[Person], FlaskClient]) -> None:
    number = task.id
    db.session.commit()
    officer, head, page = log_in(OFFICER), log_in(HEAD), f"/office/tasks/{number}"
    assert "退回" in head.get(page).text
    assert officer.post(f"{page}/returns", data={"reason": "不该由我退回"}).status_code == 403
    assert head.post(f"{page}/returns", data={"reason": "先说明为什么要到现场"}).status_code == 303
    assert "先说明为什么要到现场" in officer.get("/office/").text
    shown = officer.get(page).text
    assert "行政检查审批被退回" in shown
    assert "补正了，重新报审批" in shown
    assert "同意实施行政检查" not in head.get(page).text
    form = {"remote_answer": "enter", "remote_reason": "要看在用设备", "work_plan": PLAN}
    assert officer.post(f"{page}/preparations", data=form).status_code == 303
    assert "同意实施行政检查" in head.get(page).text
