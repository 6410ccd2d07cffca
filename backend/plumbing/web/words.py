"""Dates, spans and fingerprints as this product says them (look: Words). Pure."""

from collections.abc import Iterable
from datetime import date, datetime

from backend.core.clock import SHANGHAI
from backend.core.workdays import Deadline

WEEKDAYS = "一二三四五六日"


def calendar_day(moment: date | datetime) -> date:
    """The day in China a moment falls on; a plain date is its own day."""
    return moment.astimezone(SHANGHAI).date() if isinstance(moment, datetime) else moment


def day_words(moment: date | datetime | None, today: date) -> str:
    """`7月28日`; with the year when it is not this one; a dash for none."""
    if moment is None:
        return "—"
    day = calendar_day(moment)
    return f"{day.month}月{day.day}日" if day.year == today.year else long_day_words(day)


def long_day_words(moment: date | datetime | None) -> str:
    """`2026年7月28日`, as print and the public site always say it."""
    if moment is None:
        return "—"
    day = calendar_day(moment)
    return f"{day.year}年{day.month}月{day.day}日"


def time_words(moment: datetime | None) -> str:
    """`16:20`, Chinese time."""
    return "—" if moment is None else f"{moment.astimezone(SHANGHAI):%H:%M}"


def moment_words(moment: datetime | None, today: date) -> str:
    """`7月28日 16:20`; only `16:20` for today would hide the day, so the day is always said."""
    return "—" if moment is None else f"{day_words(moment, today)} {time_words(moment)}"


def weekday_words(moment: date | datetime) -> str:
    """`星期二`."""
    return f"星期{WEEKDAYS[calendar_day(moment).weekday()]}"


def month_words(year_month: str) -> str:
    """`2026年7月` of `2026-07`."""
    year, month = year_month.split("-")[:2]
    return f"{year}年{int(month)}月"


def remaining_words(deadline: Deadline, today: date) -> str:
    """`剩 8 个工作日`, `今天截止`, `已超 3 个工作日`; before the first day `还没起算，共 8 个工作日`, as many as the ruler has cells."""
    left = deadline.remaining(today)
    if left > deadline.wd:
        return f"还没起算，共 {deadline.wd} 个工作日"
    if left < 0:
        return f"已超 {-left} 个工作日"
    return "今天截止" if left == 0 else f"剩 {left} 个工作日"


def ruler_words(deadline: Deadline, today: date) -> str:
    """What a screen reader hears instead of the cells."""
    said = (
        f"共 {deadline.wd} 个工作日，{remaining_words(deadline, today)}，截止 {long_day_words(deadline.due)}"
    )
    return f"{said}（节假日安排未公布，暂按推算）" if deadline.provisional else said


def fingerprint_groups(digest: str | None, groups: int = 16) -> str:
    """A fingerprint in groups of four: whole, or its first and last groups around `…`."""
    if not digest:
        return "—"
    parts = [digest[n : n + 4].upper() for n in range(0, len(digest), 4)]
    if len(parts) <= groups:
        return " ".join(parts)
    head = groups - groups // 2
    return " ".join([*parts[:head], "…", *parts[len(parts) - groups // 2 :]])


def joined(names: Iterable[str]) -> str:
    """`李示范、张样例`."""
    return "、".join(names)


def thousands(number: int) -> str:
    """`1,284`."""
    return f"{number:,}"


def megabytes(size: int) -> str:
    """`4 KB`, `3.1 MB`."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB"
