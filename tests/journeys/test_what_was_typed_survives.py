"""What was typed into a form is still there after a change of language, and after a refusal on a page of its own."""

import pytest
from playwright.sync_api import Page, expect

from tests.people import OFFICER, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@pytest.fixture
def trainings(tidy: Page, live_address: str) -> Page:
    """The page of trainings, with a form half filled in."""
    tidy.goto(f"{live_address}/office/login?next=/office/trainings")
    tidy.fill("[name=login]", OFFICER.login)
    tidy.fill("[name=password]", PASSWORD)
    tidy.click("main button")
    tidy.goto(f"{live_address}/office/trainings")
    tidy.fill("[name=title]", "随机抽查培训")
    tidy.select_option("[name=kind]", "other")
    tidy.fill("[name=content]", "第一讲\n第二讲")
    return tidy


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
