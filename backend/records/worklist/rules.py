"""The order of the work list: what is due first comes first, what has no legal deadline by its planned day. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from backend.core.errors import Ground
from backend.core.workdays import Deadline


@dataclass(frozen=True)
class WorkItem:
    """One thing to do: the verb, on what, until when, and where it is done.

    `deadline` is a legal one with its article; without it `by` may hold a planned day and `by_words` what that day is,
    with what the step rests on (`ground`).
    """

    verb: str
    icon: str
    title: str
    detail: str
    href: str
    deadline: Deadline | None = None
    by: date | None = None
    by_words: str = ""
    ground: Ground | None = None

    @property
    def due(self) -> date:
        if self.deadline is not None:
            return self.deadline.due
        return self.by or date.max

    def presses(self, today: date) -> bool:
        """Whether today matters: the deadline is near or over."""
        return self.deadline is not None and self.deadline.state(today) != "ok"


def in_order(items: Iterable[WorkItem]) -> list[WorkItem]:
    """By deadline, then by verb and title so that the order never wavers."""
    return sorted(items, key=lambda item: (item.due, item.verb, item.title))


def most_urgent(items: list[WorkItem], today: date) -> WorkItem | None:
    """The one row whose button is filled: the first that presses (look 08)."""
    return next((item for item in items if item.presses(today)), None)
