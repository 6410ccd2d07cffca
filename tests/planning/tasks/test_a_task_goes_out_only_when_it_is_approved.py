"""Before dispatch: can it be done without entering the firm, how will the teams work, and does the unit's leader approve."""

import pytest

from backend.core.errors import (
    INSPECTION_NOT_APPROVED,
    NOT_ALLOWED,
    REMOTE_NOT_ASKED,
    TASK_NOT_IN_STATE,
    TASK_WRONG,
    WORK_PLAN_MISSING,
    Refusal,
)
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.foundation.rule_profiles.actions import follow_profile
from backend.planning.tasks.actions import approve_inspection, dispatch, prepare_dispatch
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import gaps_before_dispatch, tasks_to_approve
from backend.plumbing.db import db, transaction
from tests.planning.conftest import Stage
from tests.planning.directories import task_from


@pytest.fixture
def task(stage: Stage) -> Task:
    """A task whose teams are fixed."""
    task = task_from(stage.officer, stage.plan)
    with transaction():
        task.status = "matched"
    return task


def refused(step: object, *arguments: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        step(*arguments)  # type: ignore[operator]
    return caught.value


def test_the_question_the_approval_and_then_the_teams(stage: Stage, task: Task) -> None:
    assert refused(dispatch, stage.officer, task.id).problem is REMOTE_NOT_ASKED
    assert refused(approve_inspection, stage.head, task.id, "同意").problem is REMOTE_NOT_ASKED
    prepare_dispatch(stage.officer, task.id, "enter", "要看现场设备", "")
    missing = refused(dispatch, stage.officer, task.id)
    assert missing.problem is INSPECTION_NOT_APPROVED
    assert missing.citation is not None
    assert missing.citation.article == "14"
    assert [held.id for held in tasks_to_approve(stage.head.agency_id)] == [task.id]
    approve_inspection(stage.head, task.id, "同意")
    dispatch(stage.officer, task.id)
    assert (task.status, task.approved_by_name, task.dispatched_by_name) == ("dispatched", "郑局长", "王科长")


def test_an_urgent_dispatch_says_why_and_is_approved_afterwards(stage: Stage, task: Task) -> None:
    assert refused(dispatch, stage.officer, task.id, "险情").problem is REMOTE_NOT_ASKED
    prepare_dispatch(stage.officer, task.id, "enter", "要看现场设备", "")
    dispatch(stage.officer, task.id, "发现重大安全隐患")
    assert [held.id for held in tasks_to_approve(stage.head.agency_id)] == [task.id]
    approve_inspection(stage.head, task.id, "补办")
    assert tasks_to_approve(stage.head.agency_id) == []
    assert refused(approve_inspection, stage.head, task.id, "再批").problem is TASK_NOT_IN_STATE


def test_only_the_leader_approves_and_answers_are_complete(stage: Stage, task: Task) -> None:
    assert refused(approve_inspection, stage.officer, task.id, "同意").problem is NOT_ALLOWED
    for answer, reason in (("maybe", "不好说"), ("enter", "  ")):
        found = refused(prepare_dispatch, stage.officer, task.id, answer, reason, "")
        assert found.problem is TASK_WRONG


def test_where_the_rules_ask_for_it_the_work_plan_is_written(stage: Stage, task: Task) -> None:
    admin = Actor(0, stage.officer.agency_id, None, "李主管", frozenset({Role.ADMIN}))
    with transaction():
        db.session.get_one(Task, task.id).rules_version_id = follow_profile(admin, "yiyuan-police").id
    prepare_dispatch(stage.officer, task.id, "enter", "要看现场", "")
    approve_inspection(stage.head, task.id, "同意")
    missing = refused(dispatch, stage.officer, task.id)
    assert missing.problem is WORK_PLAN_MISSING
    assert missing.citation is not None
    assert missing.citation.article == "19"
    prepare_dispatch(stage.officer, task.id, "enter", "要看现场", "分工、程序、时间")
    assert gaps_before_dispatch(task) == []


def test_another_agencys_task_is_not_approved(stage: Stage, task: Task) -> None:
    stranger = Actor(1, stage.officer.agency_id + 1, None, "别局长", stage.head.roles)
    assert refused(approve_inspection, stranger, task.id, "同意").problem.status == 404
