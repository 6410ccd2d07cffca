"""Lay a month out in weeks and put visits on the days of their windows. Pure."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from backend.core.workdays import WorkCalendar


@dataclass(frozen=True)
class Window:
    """A task's or a visit's days, both ends included; `weight` is how many visits stand behind it."""

    key: str
    words: str
    begins: date
    ends: date
    weight: int = 1


@dataclass(frozen=True)
class Day:
    """One day: `open` visits may be made, `begins` and `ends` name the windows that do so on it."""

    on: date
    in_month: bool
    is_workday: bool
    open: int
    begins: tuple[Window, ...]
    ends: tuple[Window, ...]


def weeks_of(year: int, month: int, windows: Iterable[Window], workdays: WorkCalendar) -> list[list[Day]]:
    """The weeks of a month, Monday first, with the days around it that fill the weeks."""
    held = list(windows)
    return [
        [
            Day(
                on,
                on.month == month,
                workdays.is_workday(on),
                sum(window.weight for window in held if window.begins <= on <= window.ends),
                tuple(window for window in held if window.begins == on),
                tuple(window for window in held if window.ends == on),
            )
            for on in week
        ]
        for week in Calendar().monthdatescalendar(year, month)
    ]


def month_from(text: str, otherwise: date) -> tuple[int, int]:
    """Read `2026-07`; the month of `otherwise` for anything else."""
    year, _, month = text.partition("-")
    if year.isascii() and year.isdigit() and len(year) == 4 and month in {f"{n:02}" for n in range(1, 13)}:
        return max(2000, int(year)), int(month)
    return otherwise.year, otherwise.month


def neighbours(year: int, month: int) -> tuple[str, str]:
    """The months before and after, as they stand in an address."""
    before = (year - 1, 12) if month == 1 else (year, month - 1)
    after = (year + 1, 1) if month == 12 else (year, month + 1)
    return f"{before[0]:04}-{before[1]:02}", f"{after[0]:04}-{after[1]:02}"
