"""Deadlines as somebody finds them on a wall calendar: every day written out first, worked or not, then counted off."""

from datetime import date, timedelta

from chinese_calendar import is_workday as packaged_answer
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.statutory_holidays import statutory_holidays
from backend.core.workdays import Deadline, WorkCalendar
from backend.foundation.rule_profiles.workday_notices import packaged_days, packaged_years

FIRST, LAST = date(2025, 1, 1), date(2028, 12, 31)
ALL_DAYS = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
starts = st.dates(FIRST, date(2028, 3, 31))
notices = st.dictionaries(st.sampled_from(ALL_DAYS), st.booleans(), max_size=60)
published = st.sets(st.sampled_from([2025, 2026, 2027, 2028]))


def wall(notice: dict[date, bool], years: set[int]) -> dict[date, bool]:
    """Worked or not, for every day: the week, then the law's holidays where no notice is out, then the notice."""
    written = {day: day.isoweekday() <= 5 for day in ALL_DAYS}
    for year in {2025, 2026, 2027, 2028} - years:
        written.update(dict.fromkeys(statutory_holidays(year), False))
    return {day: notice.get(day, worked) for day, worked in written.items()}


@settings(max_examples=60)
@given(notices, published, starts, st.integers(1, 60))
def test_the_last_day_is_the_one_counted_off_on_the_wall(
    notice: dict[date, bool], years: set[int], start: date, length: int
) -> None:
    written = wall(notice, years)
    counted = [day for day in ALL_DAYS if day > start and written[day]][:length]
    deadline = Deadline("report", start, length, WorkCalendar(notice, frozenset(years)))
    assert deadline.due == counted[-1]
    assert deadline.provisional is bool(set(range(start.year, counted[-1].year + 1)) - years)
    assert [cell.day for cell in deadline.cells(start)] == counted


@settings(max_examples=60)
@given(notices, published, starts, st.integers(1, 40), st.integers(-10, 90))
def test_what_remains_is_what_is_left_on_the_wall(
    notice: dict[date, bool], years: set[int], start: date, length: int, later: int
) -> None:
    written = wall(notice, years)
    deadline = Deadline("report", start, length, WorkCalendar(notice, frozenset(years)))
    today = start + timedelta(days=later)
    if today < FIRST:
        return
    left = sum(written[day] for day in ALL_DAYS if today < day <= deadline.due)
    overrun = sum(written[day] for day in ALL_DAYS if deadline.due < day <= today)
    assert deadline.remaining(today) == (left if today <= deadline.due else -max(1, overrun))
    assert (deadline.state(today) == "overdue") is (today > deadline.due)


@given(st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_the_packaged_years_are_what_the_package_answers(day: date) -> None:
    calendar = WorkCalendar(packaged_days(), packaged_years())
    assert calendar.is_workday(day) is packaged_answer(day)
