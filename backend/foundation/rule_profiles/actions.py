"""Choose an agency's rules, confirm expired ones for a year, bring in a holiday notice."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import delete, extract

from backend.core.errors import (
    INVALID_NOTICE,
    PROFILE_ALREADY_CONFIRMED,
    PROFILE_NEEDS_NO_CONFIRMATION,
    REASON_TOO_SHORT,
    UNKNOWN_PROFILE,
    Refusal,
)
from backend.foundation.audit.actions import record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.models import AgencyProfile, ProfileConfirmation, WorkdayOverride
from backend.foundation.rule_profiles.profile_files import profile_files
from backend.foundation.rule_profiles.queries import confirmation_of, profile_for
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, transaction

SHORTEST_REASON = 10
_MARKS = {"休": False, "班": True}


def follow_profile(actor: Actor, profile_key: str) -> None:
    """Let the actor's agency follow this profile from now on."""
    require(actor, Capability.MANAGE_RULES)
    if profile_key not in profile_files():
        raise Refusal(UNKNOWN_PROFILE, key=profile_key)
    with transaction():
        before = profile_for(actor.agency_id).key
        db.session.merge(AgencyProfile(agency_id=actor.agency_id, profile_key=profile_key))
        record(
            actor,
            "rules.follow",
            "agency",
            actor.agency_id,
            before={"profile": before},
            after={"profile": profile_key},
        )


def confirm_profile(actor: Actor, reason: str) -> ProfileConfirmation:
    """Go on with the agency's expired profile for this calendar year."""
    require(actor, Capability.MANAGE_RULES)
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    with transaction():
        profile = profile_for(actor.agency_id)
        year = today().year
        if profile.in_force(today()):
            raise Refusal(PROFILE_NEEDS_NO_CONFIRMATION, name=profile.name)
        earlier = confirmation_of(actor.agency_id, profile.key, year)
        if earlier is not None:
            raise Refusal(PROFILE_ALREADY_CONFIRMED, year=year, by=earlier.confirmed_by)
        confirmation = ProfileConfirmation(
            agency_id=actor.agency_id,
            profile_key=profile.key,
            year=year,
            reason=reason,
            confirmed_by=actor.name,
            at=now(),
        )
        db.session.add(confirmation)
        db.session.flush()
        record(
            actor,
            "rules.confirm",
            "profile_confirmation",
            confirmation.id,
            after={"profile": profile.key, "year": year, "reason": reason},
        )
        return confirmation


def bring_in_notice(actor: Actor, year: int, text: str, source: str) -> int:
    """Take over the State Council's notice of `year`, one day per line; return how many days it names.

    A notice replaces what was brought in for its year. Deadlines are computed when they are read, so every open
    one follows at once.
    """
    require(actor, Capability.MANAGE_RULES)
    days = _read_notice(year, text)
    with transaction():
        db.session.execute(delete(WorkdayOverride).where(extract("year", WorkdayOverride.day) == year))
        db.session.add_all(
            WorkdayOverride(day=day, is_workday=worked, source=source.strip() or f"{year} 年放假通知")
            for day, worked in days.items()
        )
        record(
            actor,
            "calendar.notice",
            "calendar",
            year,
            after={"days": {day.isoformat(): worked for day, worked in days.items()}},
        )
    return len(days)


def _read_notice(year: int, text: str) -> Mapping[date, bool]:
    days: dict[date, bool] = {}
    lines = [(number, line.split()) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        raise Refusal(INVALID_NOTICE, line=1, detail="没有任何一天")
    for number, parts in lines:
        if len(parts) != 2 or parts[1] not in _MARKS:
            raise Refusal(INVALID_NOTICE, line=number, detail="要写日期、空格、“休”或“班”")
        try:
            day = date.fromisoformat(parts[0])
        except ValueError:
            raise Refusal(INVALID_NOTICE, line=number, detail=f"没有“{parts[0]}”这一天") from None
        if day.year != year:
            raise Refusal(INVALID_NOTICE, line=number, detail=f"{parts[0]} 不在 {year} 年")
        if day in days:
            raise Refusal(INVALID_NOTICE, line=number, detail=f"{parts[0]} 写了两次")
        days[day] = _MARKS[parts[1]]
    return days
