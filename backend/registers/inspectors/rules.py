"""The closed words of the inspector directory, and what keeps a person from being drawn. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

SEXES = {"male": "男", "female": "女", "unstated": "未说明"}
STATUSES = {"active": "在岗", "left": "离岗"}
ESTABLISHMENTS = {
    "administrative": "行政编制",
    "institution": "事业编制",
    "police": "人民警察",
    "other": "其他",
}
"""The same words as in the profiles' `inspector.establishment`."""
LEAVES = {"leave": "休假", "course": "脱产学习", "duty": "外派", "other": "其他"}

CERTIFICATE_RULE = "inspector.certificate_required"
ESTABLISHMENT_RULE = "inspector.establishment"
EXPERT_RULE = "expert.counts_in_team"
SOON = 60
"""Days before its end from which a certificate is shown as running out."""


@dataclass(frozen=True)
class Person:
    """What decides whether somebody may be drawn."""

    status: str
    is_expert: bool
    certificate_valid_to: date | None
    leaves: tuple[tuple[date, date], ...] = ()
    establishment: str = ""
    """A word of `ESTABLISHMENTS`; empty while nobody has entered it."""


@dataclass(frozen=True)
class Bar:
    """Why somebody is not drawn, in words, and the profile key whose article stands behind it (empty for none)."""

    words: str
    chip: str
    rule: str = ""


def bar_to_drawing(
    person: Person,
    first: date,
    last: date,
    certificate_required: bool = True,
    establishments: Collection[str] = (),
) -> Bar | None:
    """What keeps a person from inspecting between two days; None for nothing.

    Drawn is who is in post, no expert, of an establishment that the rules name (any, where they name none or nobody
    has entered it yet), with a certificate valid to the last day, and not away all the time.
    """
    if person.is_expert:
        return Bar("专家，只辅助", "na", EXPERT_RULE)
    if person.status != "active":
        return Bar("离岗", "void")
    if establishments and person.establishment and person.establishment not in establishments:
        return Bar(f"{ESTABLISHMENTS[person.establishment]}，不能任检查人员", "stopped", ESTABLISHMENT_RULE)
    if certificate_required:
        if person.certificate_valid_to is None:
            return Bar("没有证件期限", "missing", CERTIFICATE_RULE)
        if person.certificate_valid_to < first:
            return Bar("证件已过期", "stopped", CERTIFICATE_RULE)
        if person.certificate_valid_to < last:
            return Bar("证件在期间内到期", "stopped", CERTIFICATE_RULE)
    away = away_until(person.leaves, first)
    if away is not None and away >= last:
        return Bar(f"请假到 {away.month}月{away.day}日", "waiting")
    return None


def absences(leaves: Iterable[tuple[date, date]], first: date, last: date) -> list[tuple[date, date]]:
    """The stretches between two days on which somebody is away, earliest first."""
    return sorted(
        (max(begin, first), min(end, last)) for begin, end in leaves if begin <= last and end >= first
    )


def absence_words(stretches: Iterable[tuple[date, date]]) -> str:
    """`8月3日至8月5日、8月20日`."""
    return "、".join(
        f"{begin.month}月{begin.day}日" + ("" if begin == end else f"至{end.month}月{end.day}日")
        for begin, end in stretches
    )


def away_until(leaves: Iterable[tuple[date, date]], day: date) -> date | None:
    """The last day of the absence that covers `day`, adjoining leaves taken together; None if present."""
    until = None
    for first, last in sorted(leaves):
        begin = day if until is None else date.fromordinal(until.toordinal() + 1)
        if first <= begin <= last:
            until = last
    return until


def runs_out_soon(certificate_valid_to: date | None, today: date) -> bool:
    """Whether the certificate is still valid and ends within `SOON` days."""
    return certificate_valid_to is not None and 0 <= (certificate_valid_to - today).days <= SOON
