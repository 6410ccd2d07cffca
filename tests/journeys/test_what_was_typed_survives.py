"""What was typed into a form is still there after a change of language, and after a refusal on a page of its own."""

import pytest
from playwright.sync_api import Page, expect

from tests.people import OFFICER, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@pytest.fixture
def trainings(page: Page, live_address: str) -> Page:
    """The page of trainings, with a form half filled in."""
    page.goto(f"{live_address}/office/login?next=/office/trainings")
    page.fill("[name=login]", OFFICER.login)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.goto(f"{live_address}/office/trainings")
    page.fill("[name=title]", "随机抽查培训")
    page.select_option("[name=kind]", "other")
    page.fill("[name=content]", "第一讲\n第二讲")
    return page


def test_a_change_of_language_loses_nothing(trainings: Page) -> None:
    trainings.click("a.language")
    expect(trainings.locator("html")).to_have_attribute("lang", "en")
    expect(trainings.locator("[name=title]")).to_have_value("随机抽查培训")
    expect(trainings.locator("[name=kind]")).to_have_value("other")
    expect(trainings.locator("[name=content]")).to_have_value("第一讲\n第二讲")
    trainings.reload()
    expect(trainings.locator("[name=title]")).to_have_value("")


def test_what_went_through_is_not_offered_again(trainings: Page, live_address: str) -> None:
    trainings.fill("[name=day]", "2026-09-01")
    trainings.get_by_role("button", name="列入计划").click()
    expect(trainings.locator("h1")).to_have_text("随机抽查培训")
    trainings.goto(f"{live_address}/office/trainings")
    expect(trainings.locator("[name=title]")).to_have_value("")


def test_a_session_that_ended_costs_no_word(trainings: Page) -> None:
    trainings.fill("[name=day]", "2026-09-01")
    trainings.context.clear_cookies()
    trainings.get_by_role("button", name="列入计划").click()
    expect(trainings.locator("h1")).to_have_text("登录过期了")
    trainings.get_by_role("link", name="去登录").click()
    trainings.fill("[name=login]", OFFICER.login)
    trainings.fill("[name=password]", PASSWORD)
    trainings.click("main button")
    expect(trainings.locator("[name=title]")).to_have_value("随机抽查培训")
    expect(trainings.locator("[name=content]")).to_have_value("第一讲\n第二讲")
