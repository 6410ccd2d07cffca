"""Move inspectors within the teams of a received list, by its own key; inside the caller's transaction.

The same search as for a draw (draw.md 1.10: a seat redrawn later takes the first candidate not already in the team).
Nothing here asks for permission or keeps a trail.
"""

import hashlib
from datetime import date

from sqlalchemy import select

from backend.planning.draw.apart import recusals_among
from backend.planning.draw.replacement import SeatedTeam, seat_redrawn
from backend.planning.matching.rules import MatchingRules
from backend.planning.received.models import ReceivedList, ReceivedSeat
from backend.planning.received.queries import entities_of, list_of, seats_of, teams_of
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import pinned_rules
from backend.plumbing.clock import today
from backend.plumbing.db import db
from backend.plumbing.randomness import token
from backend.registers.inspectors.models import Inspector
from backend.registers.inspectors.queries import absences_between, drawable_inspectors

ONE_STRATUM = "received"


def rules_for(seats: int, hard_cap: int) -> MatchingRules:
    """Every inspector may take every seat: a received list has no strata of its own."""
    anyone = {ONE_STRATUM: (ONE_STRATUM,)}
    return MatchingRules(seats, max(1, hard_cap), anyone, anyone)


def fresh_key(held: ReceivedList) -> str:
    """A key for this list, kept with it from now on."""
    held.matching_key = hashlib.sha256(b"received/1\n" + bytes.fromhex(held.sha256) + token(32)).hexdigest()
    return held.matching_key


def window_left(task: Task) -> tuple[date, date]:
    """The days on which the task's visits can still be made."""
    return min(max(today(), task.window_from), task.window_to), task.window_to


def next_for_seat(task: Task, seat: ReceivedSeat) -> int | None:
    """The next candidate's inspector id; None where nobody can take the seat.

    Whoever is away on a day that is left is no candidate.
    """
    first, last = window_left(task)
    away = absences_between(task.agency_id, first, last)
    held, codes = list_of(task), {entity.id: entity.code for entity in entities_of(task)}
    people = [
        person
        for person in drawable_inspectors(task.agency_id, last, first, pinned_rules(task))
        if person.id not in away and (not held.departments or _is_asked(held, person))
    ]
    teams = {
        team.entity_id: SeatedTeam(codes[team.entity_id], ONE_STRATUM, tuple(str(i) for i, _ in team.members))
        for team in teams_of(task)
    }
    here = teams[seat.entity_id]
    place = here.seats.index(str(seat.inspector_id))
    redrawn = seat_redrawn(
        here,
        place,
        list(teams.values()),
        [(str(person.id), ONE_STRATUM) for person in people],
        {(str(i), codes[e]) for i, e in recusals_among(task.agency_id, people, codes)},
        rules_for(len(here.seats), held.hard_cap),
        bytes.fromhex(held.matching_key or fresh_key(held)),
    )
    found = redrawn.seats[place]
    return int(found) if found is not None else None


def _is_asked(held: ReceivedList, person: Inspector) -> bool:
    if person.organisation:
        return person.organisation in held.organisations
    return person.department_id in held.departments


def inspectors_to_appoint(task: Task, seat: ReceivedSeat) -> list[Inspector]:
    """Who could be appointed to a seat: able through the window, no ties, not in the team already."""
    first, last = window_left(task)
    people = drawable_inspectors(task.agency_id, last, first, pinned_rules(task))
    tied = {i for i, _ in recusals_among(task.agency_id, people, [seat.entity_id])}
    team = {held.inspector_id for held in seats_of(task.id, seat.entity_id)}
    return [person for person in people if person.id not in tied | team]


def seats_to_swap_with(task: Task, seat: ReceivedSeat) -> list[ReceivedSeat]:
    """Seats of other entities whose holders could trade places with this one's."""
    query = select(ReceivedSeat).where(
        ReceivedSeat.task_id == task.id,
        ReceivedSeat.status == "seated",
        ReceivedSeat.entity_id != seat.entity_id,
        ReceivedSeat.position == seat.position,
    )
    teams: dict[int, set[int]] = {team.entity_id: {i for i, _ in team.members} for team in teams_of(task)}
    seats = list(db.session.scalars(query.order_by(ReceivedSeat.id)))
    people = [db.session.get_one(Inspector, each.inspector_id) for each in [seat, *seats]]
    ties = set(recusals_among(task.agency_id, people, teams))
    return [
        other
        for other in seats
        if other.inspector_id not in teams[seat.entity_id]
        and seat.inspector_id not in teams[other.entity_id]
        and not ties & {(other.inspector_id, seat.entity_id), (seat.inspector_id, other.entity_id)}
    ]


def seat_anew(seat: ReceivedSeat, inspector_id: int) -> ReceivedSeat:
    """Who sat here leaves; a new row for whoever sits here from now on."""
    seat.status = "left"
    anew = ReceivedSeat(
        task_id=seat.task_id, entity_id=seat.entity_id, position=seat.position, inspector_id=inspector_id
    )
    db.session.add(anew)
    db.session.flush()
    return anew
