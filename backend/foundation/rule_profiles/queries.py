"""Which rules an agency follows, whether they are in force, and the deadlines they set."""

from datetime import date, datetime

from sqlalchemy import extract, select

from backend.core.clock import day_in_china
from backend.core.errors import PROFILE_NOT_IN_FORCE, Refusal
from backend.core.workdays import Deadline, WorkCalendar
from backend.foundation.rule_profiles.models import AgencyProfile, ProfileConfirmation, WorkdayOverride
from backend.foundation.rule_profiles.profile_files import load_profile
from backend.foundation.rule_profiles.rules import RuleProfile, deadline
from backend.foundation.rule_profiles.workday_notices import PACKAGED_SOURCE, packaged_days, packaged_years
from backend.plumbing.db import db
from backend.plumbing.web.words import long_day_words

DEFAULT_PROFILE = "national-default"


def profile_for(agency_id: int) -> RuleProfile:
    """The rule profile the agency follows, inheritance joined."""
    chosen = db.session.get(AgencyProfile, agency_id)
    return load_profile(chosen.profile_key if chosen else DEFAULT_PROFILE)


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


def profile_warning(agency_id: int, today: date) -> Refusal | None:
    """Why no new draw may begin under the agency's profile today, as a refusal not raised; None if one may."""
    profile = profile_for(agency_id)
    if profile.in_force(today) or confirmation_of(agency_id, profile.key, today.year):
        return None
    assert profile.validity is not None, "a profile without validity is always in force"
    return Refusal(
        PROFILE_NOT_IN_FORCE,
        citation=profile.validity.citation,
        name=profile.name,
        ends=long_day_words(profile.valid_to) if profile.valid_to else "生效之日",
        year=today.year,
    )


def require_profile_in_force(agency_id: int, today: date) -> RuleProfile:
    """The agency's profile, refused with its own article when expired and not confirmed for this year."""
    warning = profile_warning(agency_id, today)
    if warning is not None:
        raise warning
    return profile_for(agency_id)


def work_calendar() -> WorkCalendar:
    """Which days are worked: the packaged notices, overlaid by those an administrator brought in."""
    overrides = dict(packaged_days())
    years = set(packaged_years())
    for override in db.session.scalars(select(WorkdayOverride)):
        overrides[override.day] = override.is_workday
        years.add(override.day.year)
    return WorkCalendar(overrides, frozenset(years))


def notice_of(year: int) -> str:
    """Where the working days of `year` come from; empty when its notice is not out yet."""
    brought_in = db.session.scalar(
        select(WorkdayOverride.source).where(extract("year", WorkdayOverride.day) == year).limit(1)
    )
    return brought_in or (PACKAGED_SOURCE if year in packaged_years() else "")


def deadline_for(agency_id: int, kind: str, start: date | datetime) -> Deadline | None:
    """The agency's deadline of this kind from `start` (a day, or a moment read as its day in China).

    Kinds are the keys of `rules.DEADLINES`. None where the agency's rules set no such deadline.
    """
    day = day_in_china(start) if isinstance(start, datetime) else start
    return deadline(profile_for(agency_id), work_calendar(), kind, day)
