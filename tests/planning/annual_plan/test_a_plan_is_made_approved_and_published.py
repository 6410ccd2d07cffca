"""A year's plan: one line for each published matter, estimated, approved by the head, published, revised."""

import pytest

from backend.core.errors import (
    NO_PUBLISHED_MATTERS,
    NOT_ALLOWED,
    PLAN_EXISTS,
    PLAN_INCOMPLETE,
    PLAN_LINE_WRONG,
    PLAN_NOT_IN_STATE,
    Refusal,
)
from backend.foundation.permissions.actor import Actor
from backend.planning.annual_plan.actions import (
    LineEntry,
    add_missing_matters,
    approve_plan,
    draft_plan,
    fill_lines,
    publish_plan,
    revise_plan,
)
from backend.planning.annual_plan.models import Plan
from backend.planning.annual_plan.queries import plan_in_force, plan_of
from backend.plumbing.db import db, transaction
from backend.registers.matters.models import Matter
from tests.planning.directories import add_entities, add_matters, publish_a_plan

RATIOS = {"A": [1, 100], "B": [5, 100], "C": [1, 2], "D": [1, 1]}


def entry(plan: Plan, **changes: object) -> LineEntry:
    given = {
        "line_id": plan.lines[0].id,
        "ratios": RATIOS,
        "month_from": 3,
        "month_to": 9,
        "body": "节能与综合利用科",
        "frequency": "每年一次",
        "category": "节能监察",
    }
    return LineEntry(**{**given, **changes})  # type: ignore[arg-type]


def test_a_plan_begins_with_a_line_for_each_published_matter(officer: Actor) -> None:
    matters = add_matters(officer.agency_id, ("工业节能监察", "安全生产检查"))
    add_entities(officer.agency_id, "A" * 30 + "D")
    plan = draft_plan(officer, 2026, "节能与综合利用科")
    assert [line.matter_id for line in plan.lines] == matters
    assert [line.estimated for line in plan.lines] == [4, 4]


def test_the_estimate_follows_the_ratios_and_todays_directory(officer: Actor) -> None:
    add_matters(officer.agency_id)
    add_entities(officer.agency_id, "A" * 250 + "B" * 30 + "C" * 5 + "D" * 2)
    plan = draft_plan(officer, 2026, "节能与综合利用科")
    fill_lines(officer, plan.id, [entry(plan)])
    assert plan_of(officer.agency_id, plan.id).lines[0].estimated == 3 + 2 + 3 + 2


def test_without_a_published_matter_there_is_nothing_to_plan(officer: Actor) -> None:
    with pytest.raises(Refusal) as caught:
        draft_plan(officer, 2026, "节能与综合利用科")
    assert caught.value.problem is NO_PUBLISHED_MATTERS


def test_a_year_has_one_plan(officer: Actor) -> None:
    add_matters(officer.agency_id)
    draft_plan(officer, 2026, "节能与综合利用科")
    with pytest.raises(Refusal) as caught:
        draft_plan(officer, 2026, "节能与综合利用科")
    assert caught.value.problem is PLAN_EXISTS


def test_a_wrong_line_is_named_and_no_line_is_changed(officer: Actor) -> None:
    add_matters(officer.agency_id)
    plan = draft_plan(officer, 2026, "节能与综合利用科")
    before = dict(plan.lines[0].ratios)
    with pytest.raises(Refusal) as caught:
        fill_lines(officer, plan.id, [entry(plan, month_from=9, month_to=3)])
    assert caught.value.problem is PLAN_LINE_WRONG
    assert "工业节能监察" in caught.value.sentence_zh
    assert plan_of(officer.agency_id, plan.id).lines[0].ratios == before


def test_a_plan_that_leaves_out_a_matter_is_not_approved_and_the_article_is_named(
    officer: Actor, head: Actor
) -> None:
    add_matters(officer.agency_id)
    plan = draft_plan(officer, 2026, "节能与综合利用科")
    with transaction():
        later = Matter(
            agency_id=officer.agency_id, code="M99", name="后来公布的事项", matter_class="key", objects="",
            content="", legal_basis="", methods="", ratio_num=None, ratio_den=None, frequency="",
            entity_kind="", form_key=None, status="published",
        )  # fmt: skip
        db.session.add(later)
    with pytest.raises(Refusal) as caught:
        approve_plan(head, plan.id)
    assert caught.value.problem is PLAN_INCOMPLETE
    assert "后来公布的事项" in caught.value.sentence_zh
    assert caught.value.citation is not None
    assert caught.value.citation.article == "8"
    assert add_missing_matters(officer, plan.id) == 1
    approve_plan(head, plan.id)
    assert plan_of(officer.agency_id, plan.id).status == "approved"


def test_only_the_head_approves(officer: Actor, oversight: Actor) -> None:
    add_matters(officer.agency_id)
    plan = draft_plan(officer, 2026, "节能与综合利用科")
    for actor in (officer, oversight):
        with pytest.raises(Refusal) as caught:
            approve_plan(actor, plan.id)
        assert caught.value.problem is NOT_ALLOWED


def test_a_plan_is_published_only_once_approved_and_then_stays_as_it_is(
    officer: Actor, head: Actor, oversight: Actor
) -> None:
    add_matters(officer.agency_id)
    plan = draft_plan(officer, 2026, "节能与综合利用科")
    with pytest.raises(Refusal) as caught:
        publish_plan(oversight, plan.id)
    assert caught.value.problem is PLAN_NOT_IN_STATE
    approve_plan(head, plan.id)
    publish_plan(oversight, plan.id)
    with pytest.raises(Refusal) as caught:
        fill_lines(officer, plan.id, [entry(plan)])
    assert caught.value.problem is PLAN_NOT_IN_STATE


def test_a_revision_leaves_the_published_one_in_force_until_it_is_published_itself(
    officer: Actor, head: Actor, oversight: Actor
) -> None:
    add_matters(officer.agency_id)
    first = publish_a_plan(officer, head, oversight)
    second = revise_plan(officer, first.id, "新增了一个事项")
    fill_lines(officer, second.id, [entry(second)])
    assert plan_in_force(officer.agency_id, 2026) is first
    approve_plan(head, second.id)
    publish_plan(oversight, second.id)
    in_force = plan_in_force(officer.agency_id, 2026)
    assert in_force is not None
    assert (in_force.revision, in_force.lines[0].ratios["D"]) == (2, [1, 1])
    assert plan_of(officer.agency_id, first.id).lines[0].ratios["D"] == [10, 100]


def test_two_revisions_are_not_open_at_once(officer: Actor, head: Actor, oversight: Actor) -> None:
    add_matters(officer.agency_id)
    plan = publish_a_plan(officer, head, oversight)
    revise_plan(officer, plan.id, "新增了一个事项")
    with pytest.raises(Refusal) as caught:
        revise_plan(officer, plan.id, "新增了一个事项")
    assert caught.value.problem is PLAN_EXISTS


@pytest.mark.parametrize("year", [0, 1900, 2024, 2028])
def test_a_year_that_nobody_plans_is_taken_for_a_slip(officer: Actor, year: int) -> None:
    add_matters(officer.agency_id)
    with pytest.raises(Refusal, match="计划的年度应在 2025 到 2027 之间"):
        draft_plan(officer, year, "节能与综合利用科")
