"""What was typed into a form is still there after a change of language, and after a refusal on a page of its own."""

import pytest
from playwright.sync_api import Page, Route, expect

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


def test_whoever_logs_out_leaves_nothing_typed_behind(trainings: Page) -> None:
    trainings.evaluate("document.querySelector('form:has([name=title])').noValidate = true")
    trainings.get_by_role("button", name="列入计划").click()
    expect(trainings.locator("body")).to_have_attribute("data-refused", "")
    trainings.get_by_role("button", name="退出登录").click()
    expect(trainings.locator("[name=password]")).to_be_visible()
    assert "随机抽查培训" not in trainings.evaluate("JSON.stringify(sessionStorage)")


@pytest.mark.parametrize(("shown_next", "stays"), [("12", True), ("32", False)])
def test_a_tick_is_given_back_to_its_own_row_alone(
    trainings: Page, live_address: str, shown_next: str, stays: bool
) -> None:
    shown = ["12", shown_next]

    def add_rows(route: Route) -> None:
        boxes = "".join(f'<input type="checkbox" name="row" value="{row}">' for row in shown.pop(0))
        form = f'<form method="post" action="/office/rows">{boxes}</form></main>'
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", form))

    trainings.route("**/office/trainings*", add_rows)
    trainings.goto(f"{live_address}/office/trainings")
    trainings.locator("[name=row]").first.check()
    trainings.click("a.language")
    expect(trainings.locator("html")).to_have_attribute("lang", "en")
    expect(trainings.locator("[name=row]").first).to_be_checked(checked=stays)
