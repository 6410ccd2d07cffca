"""The work list's order and its one filled button."""

from datetime import date, timedelta

from backend.core.workdays import Deadline, WorkCalendar
from backend.records.worklist.rules import WorkItem, in_order, most_urgent

TODAY = date(2026, 7, 21)
CALENDAR = WorkCalendar({}, frozenset({2026}))


def item(title: str, workdays: int | None = None, by: date | None = None) -> WorkItem:
    deadline = Deadline("publication", TODAY, workdays, CALENDAR) if workdays else None
    return WorkItem("公示", "megaphone", title, "", "/", deadline, by)


def test_the_earliest_deadline_leads() -> None:
    items = [item("later", 20), item("sooner", 2), item("middle", 8)]
    assert [one.title for one in in_order(items)] == ["sooner", "middle", "later"]


def test_a_planned_day_counts_where_the_rules_are_silent_and_no_day_at_all_comes_last() -> None:
    items = [item("never"), item("planned", by=TODAY + timedelta(days=3)), item("legal", 10)]
    assert [one.title for one in in_order(items)] == ["planned", "legal", "never"]


def test_only_one_row_presses_and_only_when_its_day_is_near() -> None:
    calm = [item("a", 10), item("b", 12)]
    pressing = in_order([*calm, item("c", 2), item("d", 1)])
    assert most_urgent(calm, TODAY) is None
    assert most_urgent(pressing, TODAY) is pressing[0]
    assert pressing[0].title == "d"
