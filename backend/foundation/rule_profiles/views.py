"""Rules and working days in the shape the pages show them."""

from collections.abc import Iterable, Mapping
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
    for line in rule_lines(profile, known_keys()):
        groups.setdefault(known_keys()[line.key].group, []).append(line)
    return groups


def rule_lines(profile: RuleProfile, keys: Iterable[str]) -> list[RuleLine]:
    """These rules of the profile, in this order."""
    lines = []
    articles: set[str] = set()
    for key in keys:
        value = profile.get(key)
        article = value.citation.article if value.citation else ""
        words = spoken(known_keys()[key], value)
        lines.append(RuleLine(key, known_keys()[key].label, words, value, article not in articles))
        articles.add(article)
    return lines


def spoken(key: Key, value: Value) -> str:
    """A value in Chinese: 2 个工作日, 是, 岗位调整、工作冲突, 未作规定."""
    held = value.value
    if held == [] and value.citation is not None:
        return "没有例外"
    if held is None or held == []:
        return "未作规定"
    if isinstance(held, bool):
        return "是" if held else "否"
    if isinstance(held, list):
        return "、".join(key.words.get(str(item), str(item)) for item in held)
    if isinstance(held, int):
        return f"{held} {key.unit}".strip()
    return key.words.get(held, held)


def written(key: Key, value: Value) -> str:
    """A value as a person would write it into the form (written_values): one line, or one per item."""
    held = value.value
    if held is None:
        return ""
    if isinstance(held, bool):
        return "是" if held else "否"
    return "\n".join(map(str, held)) if isinstance(held, list) else str(held)


DEADLINE_WORDS = {
    "window": "检查期限",
    "report": "形成结果报告",
    "publication": "公示检查结果",
    "objection_lodge": "提出异议",
    "objection_review": "组织复查",
    "objection_answer": "反馈复查情况",
    "archive": "整理归档",
}
"""Each kind of deadline as it is said."""


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
