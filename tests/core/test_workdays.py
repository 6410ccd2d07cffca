"""Working days are counted as a clerk with the State Council's notice would count them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.statutory_holidays import statutory_holidays
from backend.core.workdays import Deadline, WorkCalendar

# The notice for 2026: 春节 rests 2-15 to 2-23 and works 2-14 and 2-28; 国庆 rests 10-1 to 10-7.
SPRING = {date(2026, 2, 15) + timedelta(days=n): False for n in range(9)}
WORKED = {date(2026, 2, 14): True, date(2026, 2, 28): True}
AUTUMN = {date(2026, 10, 1) + timedelta(days=n): False for n in range(7)}
NOTICE_2026 = WorkCalendar({**SPRING, **WORKED, **AUTUMN}, frozenset({2025, 2026}))

days = st.dates(date(2025, 1, 1), date(2028, 12, 31))
lengths = st.integers(0, 90)


@given(days, lengths)
def test_the_due_day_is_found_by_walking_day_by_day(start: date, length: int) -> None:
    day, counted = start, 0
    while counted < length:
        day += timedelta(days=1)
        counted += NOTICE_2026.is_workday(day)
    assert NOTICE_2026.add(start, length) == day


@given(days, lengths)
def test_between_undoes_add(start: date, length: int) -> None:
    due = NOTICE_2026.add(start, length)
    assert NOTICE_2026.between(start, due) == length
    assert NOTICE_2026.between(due, start) == -length


@given(days, days, days)
def test_spans_join_up(a: date, b: date, c: date) -> None:
    first, middle, last = sorted((a, b, c))
    whole = NOTICE_2026.between(first, last)
    assert whole == NOTICE_2026.between(first, middle) + NOTICE_2026.between(middle, last)


def test_day_one_is_the_next_working_day() -> None:
    friday = date(2026, 7, 24)
    assert NOTICE_2026.add(friday, 1) == date(2026, 7, 27)


def test_a_saturday_that_the_notice_makes_a_working_day_counts() -> None:
    assert NOTICE_2026.add(date(2026, 2, 13), 1) == date(2026, 2, 14)


def test_a_holiday_pushes_the_due_day() -> None:
    assert NOTICE_2026.add(date(2026, 9, 30), 2) == date(2026, 10, 9)


def test_a_negative_length_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 working days"):
        NOTICE_2026.add(date(2026, 7, 1), -1)


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2027, 2, 8), date(2027, 10, 1)])
def test_an_unpublished_year_still_rests_on_the_holidays_of_the_law(day: date) -> None:
    assert not NOTICE_2026.is_workday(day)


def test_beyond_the_lunar_table_the_fixed_holidays_remain() -> None:
    assert statutory_holidays(2050) == {date(2050, month, day) for month, day in
                                        [(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)]}  # fmt: skip


@given(days, st.integers(1, 60))
def test_a_deadline_is_provisional_exactly_when_it_reaches_an_unpublished_year(
    start: date, length: int
) -> None:
    due = NOTICE_2026.add(start, length)
    assert NOTICE_2026.provisional(start, due) is (due.year >= 2027)


@given(days, st.integers(1, 30), st.integers(-40, 40))
def test_a_deadline_is_overdue_exactly_when_nothing_is_left(start: date, length: int, offset: int) -> None:
    deadline = Deadline("publication", start, length, NOTICE_2026)
    today = deadline.due + timedelta(days=offset)
    left = deadline.remaining(today)
    assert (deadline.state(today) == "overdue") is (left < 0)
    assert (deadline.state(today) == "due") is (left == 0)
    assert (deadline.state(today) == "warn") is (1 <= left <= 3)


@given(days, st.integers(1, 30), st.integers(-10, 40))
def test_the_ruler_has_one_cell_per_working_day_and_one_per_day_of_overrun(
    start: date, length: int, offset: int
) -> None:
    deadline = Deadline("publication", start, length, NOTICE_2026)
    today = start + timedelta(days=offset)
    cells = deadline.cells(today)
    assert all(NOTICE_2026.is_workday(cell.day) for cell in cells)
    assert sum(cell.state != "overrun" for cell in cells) == length
    overrun = NOTICE_2026.between(deadline.due, today) if today > deadline.due else 0
    assert sum(cell.state == "overrun" for cell in cells) == overrun


def test_the_ruler_shows_a_gap_after_a_weekend() -> None:
    cells = Deadline("report", date(2026, 7, 22), 3, NOTICE_2026).cells(date(2026, 7, 23))
    assert [(cell.day.day, cell.state, cell.gap) for cell in cells] == [
        (23, "today", False),
        (24, "left", False),
        (27, "left", True),
    ]


def test_a_window_that_closes_on_a_sunday_is_in_time_until_its_last_midnight() -> None:
    friday, sunday = date(2026, 7, 24), date(2026, 7, 26)
    window = Deadline("window", date(2026, 7, 20), 4, NOTICE_2026, ends=sunday)
    assert window.due == sunday
    assert [window.state(friday + timedelta(days=n)) for n in range(4)] == ["due", "due", "due", "overdue"]
    assert window.remaining(sunday + timedelta(days=1)) == -1
    assert all(cell.state != "overrun" for cell in window.cells(sunday))
