"""Before its approval a plan is held to the rules, each block with its article: ratios, shares, joint inspections, omissions."""

import pytest

from backend.core.errors import (
    PLAN_RATIO_OVER,
    PLAN_SHARE_TOO_SMALL,
    PLAN_WITHOUT_JOINT,
    REASON_TOO_SHORT,
    Problem,
    Refusal,
)
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.foundation.rule_profiles.actions import follow_profile
from backend.planning.annual_plan.actions import (
    LineEntry,
    approve_plan,
    draft_plan,
    file_plan,
    fill_lines,
    leave_out,
    publish_plan,
    revise_plan,
    take_in_again,
)
from backend.planning.annual_plan.models import Plan
from backend.planning.annual_plan.queries import blocks_of, plan_of
from backend.planning.scopes.rules import EntityClass
from backend.plumbing.db import transaction
from tests.planning.directories import add_entities, add_matters


def follow(agency_id: int, profile: str) -> None:
    follow_profile(Actor(0, agency_id, None, "李主管", frozenset({Role.ADMIN})), profile)


def entry(plan: Plan, **changes: object) -> LineEntry:
    given = {"line_id": plan.lines[0].id, "ratios": {"A": [5, 100]}, "month_from": 3, "month_to": 9,
             "body": "节能科", "frequency": "", "category": "节能监察"}  # fmt: skip
    return LineEntry(**{**given, **changes})  # type: ignore[arg-type]


def blocked(head: Actor, plan: Plan, problem: Problem) -> str:
    with pytest.raises(Refusal) as caught:
        approve_plan(head, plan.id)
    assert caught.value.problem is problem
    assert caught.value.citation is not None
    return caught.value.citation.article


def test_a_general_matter_may_not_be_drawn_above_its_ratio_over_all_grades(
    officer: Actor, head: Actor
) -> None:
    add_matters(officer.agency_id)
    add_entities(officer.agency_id, "A" * 80 + "D" * 20)
    plan = draft_plan(officer, 2026, "节能科")
    fill_lines(officer, plan.id, [entry(plan, ratios={"A": [5, 100], "D": [31, 100]})])
    assert blocked(head, plan, PLAN_RATIO_OVER) == "5"
    fill_lines(officer, plan.id, [entry(plan, ratios={"A": [5, 100], "D": [30, 100]})])
    approve_plan(head, plan.id)


def test_the_yearly_share_of_the_directory_must_be_reached(officer: Actor, head: Actor) -> None:
    follow(officer.agency_id, "shijiazhuang-justice")
    add_matters(officer.agency_id)
    add_entities(officer.agency_id, "A" * 100)
    plan = draft_plan(officer, 2026, "节能科")
    fill_lines(officer, plan.id, [entry(plan, ratios={"A": [2]})])
    assert blocked(head, plan, PLAN_SHARE_TOO_SMALL) == "一"
    fill_lines(officer, plan.id, [entry(plan, ratios={"A": [3]})])
    approve_plan(head, plan.id)


def test_a_year_without_a_joint_inspection_is_not_approved(officer: Actor, head: Actor) -> None:
    follow(officer.agency_id, "yiyuan-police")
    add_matters(officer.agency_id)
    plan = draft_plan(officer, 2026, "治安大队")
    assert blocked(head, plan, PLAN_WITHOUT_JOINT) == "14"
    joint = entry(plan, joint_role="leads", joint_with=["县消防救援大队"])
    fill_lines(officer, plan.id, [joint])
    approve_plan(head, plan.id)


def test_a_matter_is_left_out_only_with_a_reason_that_stays(officer: Actor, head: Actor) -> None:
    matters = add_matters(officer.agency_id, ("工业节能监察", "安全生产检查"))
    plan = draft_plan(officer, 2026, "节能科")
    line = plan.lines[1].id
    with pytest.raises(Refusal) as caught:
        leave_out(officer, plan.id, line, " 无 ")
    assert caught.value.problem is REASON_TOO_SHORT
    leave_out(officer, plan.id, line, "今年由上级统一抽查")
    assert not blocks_of(plan_of(officer.agency_id, plan.id))
    take_in_again(officer, plan.id, matters[1])
    leave_out(officer, plan.id, plan_of(officer.agency_id, plan.id).lines[1].id, "今年由上级统一抽查")
    approve_plan(head, plan.id)
    assert plan_of(officer.agency_id, plan.id).excused == {str(matters[1]): "今年由上级统一抽查"}


def test_every_class_has_its_own_scope_and_amounts_in_the_estimate(officer: Actor) -> None:
    add_matters(officer.agency_id)
    entities = add_entities(officer.agency_id, "A" * 40)
    with transaction():
        for entity in entities[:4]:
            entity.flags = ["complaints"]
        entities[5].region = "另一区"
    plan = draft_plan(officer, 2026, "节能科")
    flagged = EntityClass("有投诉举报的", {"flag": "complaints"}, {"A": [1, 2]})
    fill_lines(
        officer, plan.id, [entry(plan, ratios={"A": [1]}, scope={"region": "另一区"}, classes=[flagged])]
    )
    assert plan_of(officer.agency_id, plan.id).lines[0].estimated == 1 + 2


def test_a_revision_says_why_and_the_filing_says_to_whom(
    officer: Actor, head: Actor, oversight: Actor
) -> None:
    add_matters(officer.agency_id)
    plan = draft_plan(officer, 2026, "节能科")
    approve_plan(head, plan.id)
    publish_plan(oversight, plan.id)
    file_plan(oversight, plan.id, "市司法局执法监督科")
    second = revise_plan(officer, plan.id, "上级新增了任务")
    first = plan_of(officer.agency_id, plan.id)
    assert (first.filed_to, first.filed_by_name) == ("市司法局执法监督科", "周法规")
    assert (second.revision_reason, second.filed_to) == ("上级新增了任务", None)
