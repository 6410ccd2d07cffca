"""The ceremony in a real browser on the projector: covered digits, everything at once, one ticket at a time, signatures."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from backend.foundation.permissions.actor import Actor
from backend.planning.tasks.models import Task
from tests.journeys.pens import sign_with_the_pen
from tests.people import HEAD, OFFICER, OVERSIGHT, PASSWORD, Person
from tests.planning.directories import (
    add_entities,
    add_inspectors,
    add_matters,
    publish_a_plan,
    task_from,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def task(acting: Callable[[Person], Actor]) -> Task:
    officer = acting(OFFICER)
    add_matters(officer.agency_id)
    add_entities(officer.agency_id)
    add_inspectors(officer.agency_id)
    plan = publish_a_plan(officer, acting(HEAD), acting(OVERSIGHT))
    return task_from(officer, plan, "三季度工业节能抽查")


def test_the_room_sees_the_draw_and_nobody_sees_a_digit_too_early(
    tidy: Page, live_address: str, task: Task
) -> None:
    page = tidy
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(f"{live_address}/office/login?next=/office/draws/new?task={task.id}")
    page.fill("[name=login]", OFFICER.login)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.goto(f"{live_address}/office/draws/new?task={task.id}")
    page.locator("[name=witness_name]").nth(0).fill("见证人甲")
    page.locator("[name=witness_kind]").nth(0).select_option("counsel")
    page.locator("[name=witness_name]").nth(1).fill("见证人乙")
    page.locator("summary", has_text="锁定名录，公布承诺").click()
    page.get_by_role("button", name="锁定名录，公布承诺").click()
    for digits in ("351642", "004271"):
        expect(page.locator("[name=digits]")).to_be_focused()
        page.fill("[name=digits]", digits)
        page.get_by_role("button", name="写好了").click()
        assert digits not in page.content()
    page.get_by_role("button", name="一起翻开，抽取").click()
    expect(page.locator(".seed-lines")).to_contain_text("004271")
    page.get_by_role("link", name="看抽中的第一家").click()
    expect(page.locator(".stage-foot")).to_contain_text("351642 ＋ 004271")
    expect(page.locator(".number-line .on")).to_have_text("1")
    for number in range(2, 7):
        page.get_by_role("link", name="下一家").click()
        expect(page.locator("#drawn")).to_contain_text(f"{number} / 6")
    assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
    page.get_by_role("link", name="看全部，签字").click()
    for signer in ("见证人甲", "见证人乙", "王科长"):
        sign_with_the_pen(page, signer)
    page.get_by_role("button", name="锁定抽取记录").click()
    expect(page.locator(".stage-foot")).to_contain_text("已锁定")
    expect(page.locator(".stage svg.qr")).to_be_visible()
