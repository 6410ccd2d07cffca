"""Where the agency's text is silent, a block names no article: it says that the product's default holds, and leads to it."""

from collections.abc import Callable

from flask.testing import FlaskClient

from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.foundation.rule_profiles.actions import follow_profile
from backend.planning.tasks.queries import gaps_before_dispatch
from tests.people import OFFICER, Person
from tests.planning.conftest import Stage
from tests.planning.directories import hold_draw, task_from


def test_an_approval_that_no_article_asks_for_is_the_products_default(
    stage: Stage, log_in: Callable[[Person], FlaskClient]
) -> None:
    admin = Actor(0, stage.officer.agency_id, None, "李主管", frozenset({Role.ADMIN}))
    follow_profile(admin, "yiyuan-commerce")
    task = task_from(stage.officer, stage.plan)
    hold_draw(stage.officer, task)
    gap = gaps_before_dispatch(task)[-1]
    assert gap.problem.code == "inspection-not-approved"
    assert gap.citation is None
    page = log_in(OFFICER).get(f"/office/tasks/{task.id}").text
    said = page[page.index("单位负责人还没有审批这次行政检查") :]
    assert said.index("产品默认（推定）") < said.index("/office/rules#inspection.approved_before")


def test_an_article_is_shown_where_one_stands(stage: Stage, log_in: Callable[[Person], FlaskClient]) -> None:
    task = task_from(stage.officer, stage.plan)
    hold_draw(stage.officer, task)
    page = log_in(OFFICER).get(f"/office/tasks/{task.id}").text
    said = page[page.index("单位负责人还没有审批这次行政检查") :]
    assert "看原文" in said[: said.index("产品默认") if "产品默认" in said else None]
