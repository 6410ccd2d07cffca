"""Bring in a year's holiday notice: see first which running deadlines move, then confirm.

Deadlines are computed when they are read, so every running one follows a notice at once; the trail keeps what each
was before. A notice counts for the agency that brings it in and for those below it, never for anybody else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete

from backend.core.errors import INVALID_INPUT, Refusal
from backend.core.workdays import WorkCalendar
from backend.foundation.accounts.models import Agency
from backend.foundation.accounts.queries import agencies_below
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.models import WorkdayOverride
from backend.foundation.rule_profiles.queries import calendar_with_notice, work_calendar
from backend.foundation.rule_profiles.rules import MovedDeadline, RunningDeadline, moved
from backend.plumbing.db import db, transaction
from backend.plumbing.events import announce

FIRST_YEAR, LAST_YEAR = 2004, 2100


@dataclass(frozen=True)
class AgencyMoves:
    """The running deadlines of one agency that a notice moves or makes final."""

    agency: Agency
    deadlines: Sequence[MovedDeadline]


def moves_of_notice(actor: Actor, year: int, days: Mapping[date, bool]) -> list[AgencyMoves]:
    """What bringing in `days` as the notice of `year` would move, at the actor's agency and at each below it."""
    require(actor, Capability.MANAGE_RULES)
    _check_year(year)
    found = []
    for agency in agencies_below(actor.agency_id):
        now_running = _running(agency.id, work_calendar(agency.id))
        then_running = _running(agency.id, calendar_with_notice(agency.id, actor.agency_id, year, days))
        found.append(AgencyMoves(agency, moved(now_running, then_running)))
    return [moves for moves in found if moves.deadlines]


def bring_in_notice(actor: Actor, year: int, days: Mapping[date, bool], source: str) -> list[AgencyMoves]:
    """Take over the notice of `year` in the place of the agency's earlier one; return what it moved.

    Every agency's trail gets its own moved deadlines, each with the day it had before.
    """
    require(actor, Capability.MANAGE_RULES)
    if not source.strip():
        raise Refusal(INVALID_INPUT, detail="请写通知名称和文号")
    with transaction():
        hold_chain(actor.agency_id)
        moves = moves_of_notice(actor, year, days)
        of_year = (WorkdayOverride.agency_id == actor.agency_id) & (WorkdayOverride.year == year)
        db.session.execute(delete(WorkdayOverride).where(of_year))
        db.session.add_all(
            WorkdayOverride(
                agency_id=actor.agency_id, year=year, day=day, is_workday=worked, source=source.strip()
            )
            for day, worked in days.items()
        )
        named = {day.isoformat(): worked for day, worked in days.items()}
        record(actor, "calendar.notice", "calendar", year, after={"days": named, "source": source.strip()})
        for each in moves:
            _record_moves(actor, each, year)
    return moves


def _running(agency_id: int, calendar: WorkCalendar) -> list[RunningDeadline]:
    found: list[RunningDeadline] = []
    announce("deadlines.asked", agency_id=agency_id, calendar=calendar, found=found)
    return found


def _record_moves(actor: Actor, moves: AgencyMoves, year: int) -> None:
    there = Actor(actor.user_id, moves.agency.id, None, actor.name, actor.roles)
    for each in moves.deadlines:
        old, new = each.before.deadline, each.after.deadline
        record(
            there,
            "deadline.recompute",
            each.after.on_kind,
            each.after.on_id,
            before={"due": old.due.isoformat(), "provisional": old.provisional},
            after={
                "kind": new.kind,
                "due": new.due.isoformat(),
                "provisional": new.provisional,
                "was": old.due.isoformat(),
                "wasProvisional": old.provisional,
                "notice": year,
            },
        )


def _check_year(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refusal(INVALID_INPUT, detail=f"年份应在 {FIRST_YEAR} 到 {LAST_YEAR} 之间")
