"""The same as `words`, for a page in English. Pure."""

from collections.abc import Iterable
from datetime import date, datetime

from backend.core.workdays import Deadline
from backend.plumbing.web.words import calendar_day, time_words

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def day_words(moment: date | datetime | None, today: date) -> str:
    """`28 Jul`; with the year when it is not this one; a dash for none."""
    if moment is None:
        return "—"
    day = calendar_day(moment)
    return f"{day.day} {_MONTHS[day.month - 1]}" if day.year == today.year else long_day_words(day)


def long_day_words(moment: date | datetime | None) -> str:
    """`28 Jul 2026`."""
    if moment is None:
        return "—"
    day = calendar_day(moment)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def moment_words(moment: datetime | None, today: date) -> str:
    """`28 Jul 16:20`, Chinese time."""
    return "—" if moment is None else f"{day_words(moment, today)} {time_words(moment)}"


def weekday_words(moment: date | datetime) -> str:
    """`Tuesday`."""
    return _WEEKDAYS[calendar_day(moment).weekday()]


def month_words(year_month: str) -> str:
    """`Jul 2026` of `2026-07`."""
    year, month = year_month.split("-")[:2]
    return f"{_MONTHS[int(month) - 1]} {year}"


def remaining_words(deadline: Deadline, today: date) -> str:
    """`8 working days left`, `due today`, `3 working days late`; before the first day `not begun, 8 working days`."""
    left = deadline.remaining(today)
    if left > deadline.wd:
        return f"not begun, {_workdays(deadline.wd)}"
    if left == 0:
        return "due today"
    return f"{_workdays(-left)} late" if left < 0 else f"{_workdays(left)} left"


def _workdays(count: int) -> str:
    return f"{count} working day{'' if count == 1 else 's'}"


def ruler_words(deadline: Deadline, today: date) -> str:
    """What a screen reader hears instead of the cells."""
    said = (
        f"{deadline.wd} working days in all, {remaining_words(deadline, today)}, "
        f"due {long_day_words(deadline.due)}"
    )
    return f"{said} (holidays not announced yet, provisional)" if deadline.provisional else said


def joined(names: Iterable[str]) -> str:
    """`Li, Zhang`."""
    return ", ".join(names)
