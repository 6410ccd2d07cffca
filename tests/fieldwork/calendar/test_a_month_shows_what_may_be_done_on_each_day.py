"""The calendar: how many visits each day allows, which windows end, which days are worked; an inspector sees the own ones."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from backend.core.workdays import WorkCalendar
from backend.fieldwork.calendar.rules import Window, month_from, neighbours, weeks_of
from tests.people import LEADER, OFFICER, RECUSED, Person


def test_windows_lie_on_their_days() -> None:
    window = Window("1", "抽查", date(2026, 7, 6), date(2026, 7, 8), 3)
    weeks = weeks_of(2026, 7, [window], WorkCalendar({date(2026, 7, 7): False}, frozenset({2026})))
    days = {day.on: day for week in weeks for day in week}
    assert [days[date(2026, 7, n)].open for n in (5, 6, 7, 8, 9)] == [0, 3, 3, 3, 0]
    assert days[date(2026, 7, 8)].ends == (window,)
    assert not days[date(2026, 7, 7)].is_workday
    assert all(len(week) == 7 for week in weeks)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "20x6-01", "2026-7"])
def test_no_month_is_this_month(text: str) -> None:
    assert month_from(text, date(2026, 7, 1)) == (2026, 7)


def test_the_year_turns() -> None:
    assert neighbours(2026, 1) == ("2025-12", "2026-02")
    assert neighbours(2026, 12) == ("2026-11", "2027-01")


def test_the_office_sees_all_and_an_inspector_the_own(
    dispatch: Callable[..., str], log_in: Callable[[Person], FlaskClient]
) -> None:
    visit_id = dispatch()
    officer, leader, stranger = log_in(OFFICER), log_in(LEADER), log_in(RECUSED)
    for browser, sees in ((officer, True), (leader, True), (stranger, False)):
        page = browser.get("/office/calendar?month=2026-07&day=2026-07-21")
        assert page.status_code == 200
        assert (visit_id in page.text) is sees
