"""Who stands in a task's roster, and who is left out for which reason (draw.md 1.12, rules.md "yearly cap"). Pure."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple

from backend.planning.scopes.rules import UNGRADED

HELD = "剩下的次数正被另一次摇号占用"
"""Why an entity is left out whose remaining times another open draw could still take."""

Slots = Mapping[tuple[int, str], int]
"""Times counted, by entity id and slot; a slot is `entity` or `matter:<id>`."""


class Candidate(NamedTuple):
    """An entity of the directory as a draw sees it. `status_words` is empty while it is active."""

    entity_id: int
    code: str
    grade: str | None
    status_words: str
    flags: Set[str]

    @property
    def stratum(self) -> str:
        return self.grade or UNGRADED


@dataclass(frozen=True)
class CapRule:
    """How often an entity may be drawn. `limit` None: no cap. On an entity with one of `not_binding` it never binds."""

    limit: int | None
    words: str
    not_binding: Set[str]


@dataclass
class TaskRoster:
    """One task's roster by grade, and those left out by reason."""

    eligible: dict[str, list[Candidate]] = field(default_factory=dict)
    left_out: dict[str, list[Candidate]] = field(default_factory=dict)


def cap_period(word: str, today: date) -> tuple[date, date]:
    """The days within which draws count towards the cap, the last one left out: a stored word of `cap.period`."""
    if word == "rolling_year":
        return today - timedelta(days=365), today + timedelta(days=1)
    return date(today.year, 1, 1), date(today.year + 1, 1, 1)


def roster_of_task(
    candidates: Iterable[Candidate], slots: Set[str], cap: CapRule, drawn: Slots, held: Slots
) -> TaskRoster:
    """Sort candidates into a roster. `drawn` counts locked draws, `held` open ones that could still take the entity."""
    roster = TaskRoster()
    nobody_counts = cap.limit is None or not (drawn or held)
    for candidate in candidates:
        reason = candidate.status_words or (
            "" if nobody_counts else _cap_reason(candidate, slots, cap, drawn, held)
        )
        group = roster.left_out if reason else roster.eligible
        group.setdefault(reason or candidate.stratum, []).append(candidate)
    return roster


def _cap_reason(candidate: Candidate, slots: Set[str], cap: CapRule, drawn: Slots, held: Slots) -> str:
    if cap.limit is None or candidate.flags & cap.not_binding:
        return ""
    used = max(drawn.get((candidate.entity_id, slot), 0) for slot in slots)
    if used >= cap.limit:
        return f"本年{cap.words}已抽查满 {cap.limit} 次"
    possible = max(
        drawn.get((candidate.entity_id, s), 0) + held.get((candidate.entity_id, s), 0) for s in slots
    )
    return HELD if possible >= cap.limit else ""
