"""Where the text lets the procedure be adapted (003 art. 15), a task leaves out a step with the reason, which the dossier keeps."""

import pytest

from backend.core.errors import NOT_ALLOWED, STEP_STAYS, TASK_NOT_IN_STATE, Refusal
from backend.foundation.audit.queries import entries_on
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.foundation.rule_profiles.actions import set_value
from backend.planning.tasks.left_out_steps import leave_out_step, left_out_words, take_step_back
from backend.planning.tasks.models import Task
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from tests.planning.conftest import Stage
from tests.planning.directories import task_from

REASON = "本次为书面检查，不到企业现场"


@pytest.fixture
def task(stage: Stage) -> Task:
    return task_from(stage.officer, stage.plan)


def test_the_step_and_its_reason_stand_on_record(stage: Stage, task: Task) -> None:
    held = leave_out_step(stage.officer, task.id, "recording", REASON)
    assert left_out_words(held.left_out_steps) == [f"执法记录：{REASON}（{stage.officer.name}）"]
    kept = entries_on(stage.officer.agency_id, "task", task.id)
    assert [entry.verb for entry in kept][-1] == "task.leave_out_step"
    assert take_step_back(stage.officer, task.id, "recording").left_out_steps == {}


def test_what_a_law_asks_for_stays(stage: Stage, task: Task) -> None:
    with pytest.raises(Refusal) as refused:
        leave_out_step(stage.officer, task.id, "certificates", REASON)
    assert refused.value.problem is STEP_STAYS
    assert refused.value.citation is not None
    assert refused.value.citation.article == "15"


def test_a_reason_is_needed(stage: Stage, task: Task) -> None:
    with pytest.raises(Refusal, match="理由太短"):
        leave_out_step(stage.officer, task.id, "precheck", "不用")


def test_where_the_rules_are_strict_every_step_is_done(stage: Stage) -> None:
    admin = Actor(0, stage.officer.agency_id, None, "李主管", frozenset({Role.ADMIN}))
    set_value(admin, "procedure.adaptable", "否", "市局要求一律按程序检查", "示工信发〔2026〕5号")
    task = task_from(stage.officer, stage.plan)
    with pytest.raises(Refusal, match="规则不许调整"):
        leave_out_step(stage.officer, task.id, "precheck", REASON)


def test_after_dispatch_nothing_is_left_out(stage: Stage, task: Task) -> None:
    with transaction():
        db.session.get_one(Task, task.id).dispatched_at = now()
    with pytest.raises(Refusal) as refused:
        leave_out_step(stage.officer, task.id, "precheck", REASON)
    assert refused.value.problem is TASK_NOT_IN_STATE


def test_only_who_makes_tasks_adapts_them(stage: Stage, task: Task) -> None:
    with pytest.raises(Refusal) as refused:
        leave_out_step(stage.head, task.id, "precheck", REASON)
    assert refused.value.problem is NOT_ALLOWED
