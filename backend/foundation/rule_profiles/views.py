"""Rules and working days in the shape the pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from backend.core.workdays import WorkCalendar
from backend.foundation.rule_profiles.profile_files import Key, known_keys
from backend.foundation.rule_profiles.rules import RuleProfile, Value


@dataclass(frozen=True)
class RuleLine:
    """One rule as a person reads it. `first_of_article` marks where `#article-<article>` leads."""

    key: str
    label: str
    words: str
    value: Value
    first_of_article: bool


def rule_groups(profile: RuleProfile) -> Mapping[str, list[RuleLine]]:
    """Every rule of the profile by its group, in the order of keys.yaml."""
    groups: dict[str, list[RuleLine]] = {}
    articles: set[str] = set()
    for key in known_keys().values():
        value = profile.get(key.name)
        article = value.citation.article if value.citation else ""
        line = RuleLine(key.name, key.label, spoken(key, value), value, article not in articles)
        groups.setdefault(key.group, []).append(line)
        articles.add(article)
    return groups


def spoken(key: Key, value: Value) -> str:
    """A value in Chinese: 2 个工作日, 是, 岗位调整、工作冲突, 未作规定."""
    held = value.value
    if held is None or held == []:
        return "未作规定"
    if isinstance(held, bool):
        return "是" if held else "否"
    if isinstance(held, list):
        return "、".join(key.words.get(str(item), str(item)) for item in held)
    if isinstance(held, int):
        return f"{held} {key.unit}".strip()
    return key.words.get(held, held)


@dataclass(frozen=True)
class CalendarDay:
    """One day on the page. `named` says that a notice names it: a day off in the week, or a weekend worked."""

    day: date
    is_workday: bool
    named: bool


@dataclass(frozen=True)
class CalendarMonth:
    """A month: the blanks before its first day in a week that begins on Monday, then its days."""

    month: int
    blanks: int
    days: tuple[CalendarDay, ...]

    @property
    def workdays(self) -> int:
        return sum(day.is_workday for day in self.days)


def months_of(year: int, calendar: WorkCalendar) -> list[CalendarMonth]:
    """The twelve months of a year."""
    months = []
    for month in range(1, 13):
        first = date(year, month, 1)
        after = date(year + month // 12, month % 12 + 1, 1)
        days = tuple(_day(first + timedelta(days=n), calendar) for n in range((after - first).days))
        months.append(CalendarMonth(month, first.weekday(), days))
    return months


def _day(day: date, calendar: WorkCalendar) -> CalendarDay:
    worked = calendar.is_workday(day)
    return CalendarDay(day, worked, worked is (day.weekday() >= 5))
