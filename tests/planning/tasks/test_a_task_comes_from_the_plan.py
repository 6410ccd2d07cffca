"""Tasks come from the published plan; outside it only where the rules allow it; they are dispatched once."""

from datetime import date

import pytest

from backend.core.errors import AD_HOC_FORBIDDEN, NOT_FOUND, TASK_NOT_IN_STATE, TASK_WRONG, Refusal
from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.actions import follow_profile
from backend.planning.annual_plan.actions import revise_plan
from backend.planning.tasks.actions import dispatch, make_ad_hoc_task, make_task
from backend.planning.tasks.made_before import TaskEntry
from backend.planning.tasks.queries import task_of
from backend.plumbing.db import transaction
from tests.people import ADMIN, OUTSIDER
from tests.planning.conftest import Acting, Stage
from tests.planning.directories import WINDOW, hold_draw, send_out, task_from

ENTRY = TaskEntry("示例抽查", *WINDOW)


def test_a_task_takes_matter_and_ratios_from_its_line(stage: Stage) -> None:
    task = task_from(stage.officer, stage.plan)
    assert [held.matter_id for held in task.matters] == [stage.matters[0]]
    assert task.ratios == stage.plan.lines[0].ratios
    assert (task.serial, task.status) == ("示工信抽查〔2026〕1号", "drafted")


def test_serials_count_up(stage: Stage) -> None:
    serials = [task_from(stage.officer, stage.plan, f"第 {n} 项").serial for n in range(3)]
    assert serials == [f"示工信抽查〔2026〕{n}号" for n in (1, 2, 3)]


def test_no_task_comes_from_a_plan_that_is_not_published(stage: Stage) -> None:
    draft = revise_plan(stage.officer, stage.plan.id, "比例要调整")
    with pytest.raises(Refusal) as caught:
        make_task(stage.officer, draft.lines[0].id, ENTRY)
    assert caught.value.problem is TASK_WRONG


def test_a_task_outside_the_plan_is_refused_with_the_article(stage: Stage) -> None:
    with pytest.raises(Refusal) as caught:
        make_ad_hoc_task(stage.officer, stage.matters, {"A": [1, 10]}, "上级要求", ENTRY)
    assert caught.value.problem is AD_HOC_FORBIDDEN
    assert caught.value.citation is not None
    assert caught.value.citation.article == "2"


def test_where_the_rules_allow_it_a_task_outside_the_plan_carries_its_reason(
    stage: Stage, acting: Acting
) -> None:
    follow_profile(acting(ADMIN), "national-default")
    with pytest.raises(Refusal) as caught:
        make_ad_hoc_task(stage.officer, stage.matters, {"A": [1, 10]}, "  ", ENTRY)
    assert caught.value.problem is TASK_WRONG
    task = make_ad_hoc_task(stage.officer, stage.matters, {"A": [1, 10]}, "上级交办", ENTRY)
    assert (task.plan_line_id, task.ad_hoc_reason, len(task.matters)) == (None, "上级交办", 2)


@pytest.mark.parametrize(
    "entry",
    [
        TaskEntry(" ", *WINDOW),
        TaskEntry("示例抽查", date(2026, 9, 1), date(2026, 8, 1)),
        TaskEntry("示例抽查", *WINDOW, seats=1),
    ],
)
def test_a_task_that_cannot_be_is_refused(stage: Stage, entry: TaskEntry) -> None:
    with pytest.raises(Refusal) as caught:
        make_task(stage.officer, stage.plan.lines[0].id, entry)
    assert caught.value.problem is TASK_WRONG


def test_a_team_of_one_is_refused_with_the_article(stage: Stage) -> None:
    with pytest.raises(Refusal) as caught:
        make_task(stage.officer, stage.plan.lines[0].id, TaskEntry("示例抽查", *WINDOW, seats=1))
    assert caught.value.citation is not None
    assert caught.value.citation.article == "9"


def test_a_task_of_another_agency_is_not_found(stage: Stage, acting: Acting) -> None:
    task = task_from(stage.officer, stage.plan)
    outsider: Actor = acting(OUTSIDER)
    for step in (
        lambda: task_of(outsider.agency_id, task.id),
        lambda: dispatch(outsider, task.id),
        lambda: make_task(outsider, stage.plan.lines[0].id, ENTRY),
    ):
        with pytest.raises(Refusal) as caught:
            step()
        assert caught.value.problem is NOT_FOUND


def test_a_task_is_dispatched_only_once_its_teams_are_fixed(stage: Stage) -> None:
    task = task_from(stage.officer, stage.plan)
    with pytest.raises(Refusal) as caught:
        dispatch(stage.officer, task.id)
    assert caught.value.problem is TASK_NOT_IN_STATE
    with transaction():
        for inspector in stage.inspectors:
            inspector.status = "active" if inspector.user_id else "left"
    hold_draw(stage.officer, task)
    send_out(stage.officer, stage.head, task)
    assert task_of(stage.officer.agency_id, task.id).status == "dispatched"
    with pytest.raises(Refusal) as caught:
        dispatch(stage.officer, task.id)
    assert caught.value.problem is TASK_NOT_IN_STATE
