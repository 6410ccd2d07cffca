"""Which rules an agency follows, whether they are in force, and the deadlines they set."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import select

from backend.core.clock import day_in_china
from backend.core.errors import NOT_FOUND, PROFILE_NOT_IN_FORCE, Refusal
from backend.core.workdays import Deadline, WorkCalendar
from backend.foundation.accounts.queries import line_above
from backend.foundation.rule_profiles.editions import packaged_edition, read
from backend.foundation.rule_profiles.models import (
    AgencyProfile,
    ProfileConfirmation,
    ProfileEdition,
    RulesVersion,
    WorkdayOverride,
)
from backend.foundation.rule_profiles.profile_files import load_profile, profile_files
from backend.foundation.rule_profiles.rules import Override, RuleProfile, deadline, with_overrides
from backend.foundation.rule_profiles.workday_notices import PACKAGED_SOURCE, packaged_days, packaged_years
from backend.plumbing.db import db
from backend.plumbing.web.words import long_day_words

DEFAULT_PROFILE = "national-default"


def profile_for(agency_id: int) -> RuleProfile:
    """The rules the agency follows now: the packaged profile, with the values it set itself."""
    version = current_version(agency_id)
    if version is None:
        return load_profile(DEFAULT_PROFILE)
    return with_overrides(load_profile(version.profile_key), overrides_of(version))


def profile_at(version_id: int | None, agency_id: int) -> RuleProfile:
    """The rules as of one version, whatever became of them since; the present ones where no version was pinned."""
    version = db.session.get(RulesVersion, version_id) if version_id is not None else None
    return profile_for(agency_id) if version is None else rules_of_version(version)


def rules_of_version(version: RulesVersion) -> RuleProfile:
    """What this version says, read from the edition it was made with."""
    return with_overrides(_edition(version), overrides_of(version))


def current_version(agency_id: int) -> RulesVersion | None:
    """The version the agency follows now; None while it never chose any rules."""
    chosen = db.session.get(AgencyProfile, agency_id)
    return chosen.version if chosen else None


def versions_of(agency_id: int) -> list[RulesVersion]:
    """Every version of the agency's rules, newest first."""
    query = select(RulesVersion).where(RulesVersion.agency_id == agency_id)
    return list(db.session.scalars(query.order_by(RulesVersion.number.desc())))


def version_of(agency_id: int, number: int) -> RulesVersion:
    """One version of this agency's rules by its number. Refuses NOT_FOUND."""
    query = select(RulesVersion).where(RulesVersion.agency_id == agency_id, RulesVersion.number == number)
    found = db.session.scalar(query)
    if found is None:
        raise Refusal(NOT_FOUND, what=f"规则第 {number} 版")
    return found


def overrides_of(version: RulesVersion) -> dict[str, Override]:
    """The values the agency set itself, by key."""
    return {
        key: Override(**{**held, "on": date.fromisoformat(held["on"])})
        for key, held in version.overrides.items()
    }


def _edition(version: RulesVersion) -> RuleProfile:
    packaged = version.profile_key in profile_files()
    if packaged and version.edition in (None, packaged_edition(version.profile_key)):
        return load_profile(version.profile_key)
    return read(db.session.get_one(ProfileEdition, version.edition).content, load_profile(DEFAULT_PROFILE))


def confirmation_of(agency_id: int, profile_key: str, year: int) -> ProfileConfirmation | None:
    """The administrator's confirmation of this profile for this year, if it was given."""
    return db.session.scalar(
        select(ProfileConfirmation).where(
            ProfileConfirmation.agency_id == agency_id,
            ProfileConfirmation.profile_key == profile_key,
            ProfileConfirmation.year == year,
        )
    )


def confirmations_of(agency_id: int) -> list[ProfileConfirmation]:
    """Every confirmation the agency's administrators gave, newest first."""
    query = select(ProfileConfirmation).where(ProfileConfirmation.agency_id == agency_id)
    return list(db.session.scalars(query.order_by(ProfileConfirmation.id.desc())))


def profile_warning(agency_id: int, today: date, profile: RuleProfile | None = None) -> Refusal | None:
    """Why no new draw may begin today under the agency's rules, or under a task's pinned `profile`, as a refusal not
    raised; None if one may."""
    profile = profile or profile_for(agency_id)
    if profile.in_force(today) or confirmation_of(agency_id, profile.key, today.year):
        return None
    assert profile.validity is not None, "a profile without validity is always in force"
    return Refusal(
        PROFILE_NOT_IN_FORCE,
        ground=profile.validity.citation,
        name=profile.name,
        ends=long_day_words(profile.valid_to) if profile.valid_to else "生效之日",
        year=today.year,
    )


def require_profile_in_force(agency_id: int, today: date, profile: RuleProfile | None = None) -> RuleProfile:
    """The agency's rules (or the pinned `profile`), refused with their own article when expired and not confirmed for
    this year."""
    warning = profile_warning(agency_id, today, profile)
    if warning is not None:
        raise warning
    return profile or profile_for(agency_id)


class NamedDay(NamedTuple):
    """One day of the notice of `year`, and the agency that brought the notice in."""

    agency_id: int
    year: int
    day: date
    is_workday: bool


def work_calendar(agency_id: int) -> WorkCalendar:
    """Which days are worked at this agency: the packaged notices, overlaid by those that the agencies above it and
    then the agency itself brought in."""
    line = line_above(agency_id)
    return _overlaid(line, _brought_in(line))


def calendar_with_notice(agency_id: int, noticing: int, year: int, days: Mapping[date, bool]) -> WorkCalendar:
    """The agency's calendar as it would be if `noticing`, itself or one above it, had brought in `days` for `year`."""
    line = line_above(agency_id)
    kept = [named for named in _brought_in(line) if (named.agency_id, named.year) != (noticing, year)]
    return _overlaid(line, [*kept, *(NamedDay(noticing, year, day, worked) for day, worked in days.items())])


def _brought_in(line: Sequence[int]) -> list[NamedDay]:
    columns = (
        WorkdayOverride.agency_id,
        WorkdayOverride.year,
        WorkdayOverride.day,
        WorkdayOverride.is_workday,
    )
    query = select(*columns).where(WorkdayOverride.agency_id.in_(line))
    return [NamedDay(*row) for row in db.session.execute(query)]


def _overlaid(line: Sequence[int], named_days: Sequence[NamedDay]) -> WorkCalendar:
    overrides = dict(packaged_days())
    for named in sorted(named_days, key=lambda each: (-line.index(each.agency_id), each.year)):
        overrides[named.day] = named.is_workday
    return WorkCalendar(overrides, packaged_years() | {named.year for named in named_days})


def notice_of(agency_id: int, year: int) -> str:
    """Where the agency's working days of `year` come from; empty when no notice is out yet."""
    line = line_above(agency_id)
    brought_in = db.session.execute(
        select(WorkdayOverride.agency_id, WorkdayOverride.source)
        .where(WorkdayOverride.agency_id.in_(line), WorkdayOverride.year == year)
        .distinct()
    )
    sources = [row.source for row in sorted(brought_in, key=lambda row: line.index(row.agency_id))]
    packaged = [PACKAGED_SOURCE] if year in packaged_years() else []
    return "；".join(dict.fromkeys([*sources, *packaged]))


def deadline_for(
    agency_id: int, kind: str, start: date | datetime, profile: RuleProfile | None = None
) -> Deadline | None:
    """The agency's deadline of this kind from `start` (a day, or a moment read as its day in China).

    Kinds are the keys of `rules.DEADLINES`. `profile` is the pinned one where a task's own rules apply. None where the
    rules set no such deadline.
    """
    day = day_in_china(start) if isinstance(start, datetime) else start
    return deadline(profile or profile_for(agency_id), work_calendar(agency_id), kind, day)
