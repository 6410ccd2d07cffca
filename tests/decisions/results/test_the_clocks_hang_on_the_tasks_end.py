"""rules.md "Clocks": one event starts every clock of a visit, and a late date is never shown as the law's."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from backend.decisions.results.rules.clocks import publication_counts_from
from backend.fieldwork.visits.rules import task_done_on

WINDOW_END = date(2026, 7, 31)
days = st.dates(date(2026, 7, 1), date(2026, 8, 31))


def test_a_task_is_done_when_its_last_visit_ends() -> None:
    assert task_done_on([date(2026, 7, 20), date(2026, 7, 22)], WINDOW_END) == date(2026, 7, 22)


def test_a_visit_still_under_way_leaves_the_windows_end() -> None:
    assert task_done_on([date(2026, 7, 20), None], WINDOW_END) == WINDOW_END


@given(st.lists(st.one_of(st.none(), days)))
def test_a_task_is_never_done_later_than_its_window(ends: list[date | None]) -> None:
    assert task_done_on(ends, WINDOW_END) <= WINDOW_END


def test_publication_counts_from_the_report_where_the_profile_says_so() -> None:
    done, formed, due = date(2026, 7, 20), date(2026, 7, 23), date(2026, 7, 27)
    assert publication_counts_from("report_formed", done, formed, due) == formed
    assert publication_counts_from("report_formed", done, None, due) == due
    assert publication_counts_from("task_done", done, formed, due) == done
