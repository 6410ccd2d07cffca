"""Statutory working days (法定工作日, with 调休) and the deadlines counted in them.

Days are calendar days in Asia/Shanghai. Day 1 of a deadline is the first working day after the event
(rules.md "Clocks"). A year whose State Council notice is not out yet counts Monday to Friday without the
holidays the law itself names, and every deadline that touches it is provisional.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from backend.core.errors import Citation
from backend.core.statutory_holidays import statutory_holidays

DeadlineState = Literal["ok", "warn", "due", "overdue"]
CellState = Literal["past", "today", "left", "overrun"]

WARN_AT_WORKDAYS = 3
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkCalendar:
    """Which days are worked. `overrides` holds every day a notice names, True = worked."""

    overrides: Mapping[date, bool]
    published_years: frozenset[int]

    def is_workday(self, day: date) -> bool:
        named = self.overrides.get(day)
        if named is not None:
            return named
        if day.weekday() >= 5:
            return False
        return day.year in self.published_years or day not in statutory_holidays(day.year)

    def workdays_after(self, start: date) -> Iterator[date]:
        """The working days after `start`, without end."""
        day = start
        while True:
            day += _ONE_DAY
            if self.is_workday(day):
                yield day

    def add(self, start: date, workdays: int) -> date:
        """The `workdays`-th working day after `start`; `start` itself for zero."""
        if workdays < 0:
            raise ValueError(f"a deadline cannot be {workdays} working days long")
        due = start
        following = self.workdays_after(start)
        for _ in range(workdays):
            due = next(following)
        return due

    def between(self, start: date, end: date) -> int:
        """Working days after `start` up to and with `end`; negative when `end` comes first."""
        if end < start:
            return -self.between(end, start)
        return sum(self.is_workday(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))

    def provisional(self, start: date, end: date) -> bool:
        """Whether the span touches a year whose notice is not out yet."""
        return any(year not in self.published_years for year in range(start.year, end.year + 1))


@dataclass(frozen=True)
class Cell:
    """One working day on the ruler; `gap` says that days off lie before it."""

    day: date
    state: CellState
    gap: bool


@dataclass(frozen=True)
class Deadline:
    """One running deadline: what for, since when, until when, and which article says so.

    `citation` is None where the length is the product's own assumption. `ends` fixes the last day where it is a
    calendar day of its own, such as a window that closes on a Sunday: the days off before it are still in time.
    """

    kind: str
    start: date
    wd: int
    calendar: WorkCalendar
    citation: Citation | None = None
    ends: date | None = None

    @cached_property
    def due(self) -> date:
        return self.ends or self.calendar.add(self.start, self.wd)

    @cached_property
    def provisional(self) -> bool:
        return self.calendar.provisional(self.start, self.due)

    def remaining(self, today: date) -> int:
        """Working days left after `today`; 0 on the last day, negative once it is past."""
        if today <= self.due:
            return self.calendar.between(today, self.due)
        return -max(1, self.calendar.between(self.due, today))

    def state(self, today: date) -> DeadlineState:
        if today > self.due:
            return "overdue"
        left = self.remaining(today)
        if left == 0:
            return "due"
        return "warn" if left <= WARN_AT_WORKDAYS else "ok"

    def cells(self, today: date) -> tuple[Cell, ...]:
        """The ruler: a cell per working day of the deadline, and one per working day of overrun."""
        last = max(self.due, today)
        cells = []
        previous = self.start
        for day in self.calendar.workdays_after(self.start):
            if day > last:
                break
            cells.append(Cell(day, self._cell_state(day, today), day - previous > _ONE_DAY))
            previous = day
        return tuple(cells)

    def _cell_state(self, day: date, today: date) -> CellState:
        if day > self.due:
            return "overrun"
        if day == today:
            return "today"
        return "past" if day < today else "left"
