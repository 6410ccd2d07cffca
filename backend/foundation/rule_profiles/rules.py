"""What a rule profile is and how one inherits from another. Pure: files and the database are elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Any

from backend.core.errors import Assumption, Citation, Ground
from backend.core.workdays import Deadline, WorkCalendar

PRODUCT_DEFAULT = "product default (assumed)"


OWN_RULE = "本单位"
"""What stands in an article's place where an agency set a value itself."""


@dataclass(frozen=True)
class Override:
    """A value an agency set itself: why, by which document of its own (`source`), and who entered it on which day."""

    value: Any
    reason: str
    source: str
    by: str
    on: date


@dataclass(frozen=True)
class Value:
    """One fact a profile fixes.

    `citation` is None exactly when `assumed` is True: then no article stands behind the value, and none is shown.
    `from_profile` is the key of the profile whose file holds it; `override` is there where the agency itself set it.
    """

    key: str
    value: Any
    citation: Citation | None
    assumed: bool
    from_profile: str
    override: Override | None = None

    @property
    def ground(self) -> Ground:
        """What a screen shows beside what this value blocks or limits: the article, or that it is a default."""
        return self.citation or Assumption(self.key)


@dataclass(frozen=True)
class Validity:
    """From when until when a regulation is in force by its own words; an open end is None."""

    begins: date | None
    ends: date | None
    citation: Citation


@dataclass(frozen=True)
class RuleProfile:
    """One regulation as data, with what it inherits already joined in."""

    key: str
    source: str
    name: str
    issuer: str
    validity: Validity | None
    values: Mapping[str, Value]

    @property
    def valid_from(self) -> date | None:
        return self.validity.begins if self.validity else None

    @property
    def valid_to(self) -> date | None:
        return self.validity.ends if self.validity else None

    def in_force(self, today: date) -> bool:
        """Whether `today` lies within the regulation's own validity."""
        if self.valid_from is not None and today < self.valid_from:
            return False
        return self.valid_to is None or today <= self.valid_to

    def get(self, key: str) -> Value:
        """The value under `key`. Raises KeyError for a key that keys.yaml does not know."""
        return self.values[key]

    def flag(self, key: str) -> bool:
        return bool(self.values[key].value)

    def count(self, key: str) -> int | None:
        """A number of working days, persons, times … or None where the text is silent."""
        value: int | None = self.values[key].value
        return value

    def text(self, key: str) -> str:
        return self.values[key].value or ""

    def words(self, key: str) -> tuple[str, ...]:
        """A list of stored words, in the regulation's own order."""
        return tuple(self.values[key].value or ())

    def cite(self, key: str) -> Citation | None:
        return self.values[key].citation

    def ground(self, key: str) -> Ground:
        """What the value under `key` rests on, for a screen or a refusal."""
        return self.values[key].ground


def resolve(files: Mapping[str, Mapping[str, Any]], key: str) -> RuleProfile:
    """Join the profile `key` with what it inherits, each value taken from the nearest file that holds it.

    `files` maps profile keys to their parsed files. A key listed under `assumed_from` is taken from the named
    profile as an assumption, so without its article (000 breaks off after (十九)).
    """
    file = files[key]
    values: dict[str, Value] = {}
    if file["inherits"]:
        values.update(resolve(files, file["inherits"]).values)
    for lender, borrowed in file.get("assumed_from", {}).items():
        for name in borrowed:
            values[name] = Value(name, files[lender]["values"][name]["value"], None, True, lender)
    for name, entry in file["values"].items():
        values[name] = _value(file, name, entry)
    return RuleProfile(
        key=key,
        source=file["source"],
        name=file["name"],
        issuer=file["issuer"],
        validity=_validity(file),
        values=MappingProxyType(values),
    )


def with_overrides(profile: RuleProfile, overrides: Mapping[str, Override]) -> RuleProfile:
    """The profile with the agency's own values in the places it set itself, each citing the agency's document."""
    own = {key: _own_value(profile.get(key), override) for key, override in overrides.items()}
    return replace(profile, values=MappingProxyType({**profile.values, **own}))


def _own_value(replaced: Value, override: Override) -> Value:
    citation = Citation(source=override.source, article=OWN_RULE, quote=override.reason)
    return replace(replaced, value=override.value, citation=citation, assumed=False, override=override)


def _value(file: Mapping[str, Any], name: str, entry: Mapping[str, Any]) -> Value:
    if entry.get("assumed"):
        return Value(name, entry["value"], None, True, file["key"])
    return Value(name, entry["value"], _citation(file, entry), False, file["key"])


def _validity(file: Mapping[str, Any]) -> Validity | None:
    entry = file["validity"]
    return Validity(entry["from"], entry["to"], _citation(file, entry)) if entry else None


def _citation(file: Mapping[str, Any], entry: Mapping[str, Any]) -> Citation:
    return Citation(
        source=file["source"], article=entry["article"], quote=entry["quote"], profile=file["key"]
    )


DEADLINES = {
    "report": "report.deadline_wd",
    "publication": "publication.deadline_wd",
    "objection_lodge": "objection.lodge_wd",
    "objection_review": "objection.review_wd",
    "objection_answer": "objection.answer_wd",
    "archive": "archive.deadline_wd",
}
"""Each kind of deadline and the key that sets its length in working days."""
WINDOW = "plan.fields"
"""What a visit's window rests on: the time that the plan gives it."""


@dataclass(frozen=True)
class RunningDeadline:
    """A deadline that still runs, with what it is a deadline of: `on_kind` and `on_id` as in the audit trail."""

    on_kind: str
    on_id: str
    title: str
    deadline: Deadline


@dataclass(frozen=True)
class MovedDeadline:
    """A running deadline before and after a change of the calendar."""

    before: RunningDeadline
    after: RunningDeadline

    @property
    def moves(self) -> bool:
        return self.before.deadline.due != self.after.deadline.due


def moved(before: Iterable[RunningDeadline], after: Iterable[RunningDeadline]) -> list[MovedDeadline]:
    """The deadlines whose last day or provisional standing differs between two calendars, soonest first."""
    then = {(each.on_kind, each.on_id, each.deadline.kind): each for each in before}
    pairs = [(then.get((each.on_kind, each.on_id, each.deadline.kind)), each) for each in after]
    changed = [MovedDeadline(old, new) for old, new in pairs if old is not None and _differ(old, new)]
    return sorted(changed, key=lambda each: (each.after.deadline.due, each.after.title))


def _differ(old: RunningDeadline, new: RunningDeadline) -> bool:
    return (old.deadline.due, old.deadline.provisional) != (new.deadline.due, new.deadline.provisional)


def deadline(profile: RuleProfile, calendar: WorkCalendar, kind: str, start: date) -> Deadline | None:
    """The deadline of this kind that began on `start`; None where the profile's text sets none."""
    value = profile.get(DEADLINES[kind])
    if value.value is None:
        return None
    return Deadline(kind, start, value.value, calendar, value.citation)
