"""Move entities and inspectors within a locked draw, by its own keys (draw.md 1.9, 1.10); inside the caller's transaction.

Nothing here asks for permission or keeps a trail: `actions` does.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from sqlalchemy import select

from backend.planning.draw.apart import apart_now, recusals_among
from backend.planning.draw.committed_files import pairs
from backend.planning.draw.files_at_rest import kept_files, known_entities, known_inspectors
from backend.planning.draw.models import Draw, Pick
from backend.planning.draw.outcome import committed_rules
from backend.planning.draw.pinned_rules import rules_of_draw
from backend.planning.draw.queries import tasks_of_draw
from backend.planning.draw.replacement import SeatedTeam, seat_redrawn, taken_over
from backend.planning.draw.roster import barred_now
from backend.planning.draw.seed import Keys, keys_of
from backend.planning.draw.tickets import Ticket, in_order
from backend.planning.matching.models import Seat
from backend.plumbing.clock import today
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.entities.queries import exemption_of
from backend.registers.inspectors.models import Inspector
from backend.registers.inspectors.queries import absences_between, drawable_inspectors

APPOINTED = "A"
_AT_A_TIME = 50

PassedOver = list[dict[str, str]]


def let_enter(draw: Draw, leaver: Pick, today_exempt: bool, passed: PassedOver) -> Pick | None:
    """The next ticket of the leaver's stratum enters; None where it is exhausted.

    Who was exempt at the freeze, or was used, is no candidate. Who meanwhile reached the cap, left the directory or became
    exempt is passed over, on the record.
    """
    files = kept_files(draw)
    known, used = known_entities(draw), {pick.code for pick in draw.picks}
    waiting = (
        ticket
        for ticket in in_order(files.strata[leaver.stratum], _keys(draw).entity)
        if ticket.code not in files.exempt and ticket.code not in used
    )
    task = next(task for task in tasks_of_draw(draw) if task.id == leaver.task_id)
    for tickets in _in_portions(waiting):
        entities = {e.id: e for e in _entities([known[t.code].entity_id for t in tickets])}
        barred = barred_now(task, list(entities.values()))
        for ticket in tickets:
            entity = entities[known[ticket.code].entity_id]
            reason = barred.get(entity.id) or (_exempt_now(entity) if today_exempt else "")
            if reason:
                passed.append({"stratum": leaver.stratum, "code": ticket.code, "reason": reason})
                continue
            return _entered(draw, leaver, ticket, entity.id)
    return None


def hand_over(draw: Draw, leaver: Pick, entered: Sequence[Pick]) -> None:
    """The first entrant takes the leaver's team; further ones (other strata) get seats drawn anew."""
    seats = seats_of(draw, leaver.entity_id)
    team = SeatedTeam(leaver.code, leaver.stratum, tuple(seat.inspector_draw_id for seat in seats))
    for seat in seats:
        seat.status = "left"
    rules, key = committed_rules(draw.commit_doc), _keys(draw).inspector
    inspectors, recusals = pairs(kept_files(draw).inspectors), recusals_now(draw)
    new_picks = distinct(entered)
    others = [t for t in teams(draw) if t.code not in {leaver.code, *(p.code for p in new_picks)}]
    for number, pick in enumerate(new_picks):
        if number == 0:
            new = taken_over(pick.code, pick.stratum, team, others, inspectors, recusals, rules, key)
        else:
            new = SeatedTeam(pick.code, pick.stratum, (None,) * rules.seats)
            for position in range(rules.seats):
                new = seat_redrawn(new, position, others, inspectors, recusals, rules, key)
        others = [*others, new]
        for position, draw_id in enumerate(new.seats):
            seat_anew(draw, pick, position, draw_id)


def next_for_seat(draw: Draw, seat: Seat) -> str | None:
    """The draw-local id of the next candidate for a seat; None where nobody can take it.

    Whoever left, whose certificate ends, or who is away on a day that is left of the window is no candidate any more.
    """
    pick = db.session.get_one(Pick, seat.pick_id)
    all_teams = teams(draw)
    team = next(t for t in all_teams if t.code == pick.code)
    redrawn = seat_redrawn(
        team,
        seat.position,
        all_teams,
        pairs(kept_files(draw).inspectors),
        recusals_now(draw) | {(local, pick.code) for local in unable_now(draw)},
        committed_rules(draw.commit_doc),
        _keys(draw).inspector,
    )
    return redrawn.seats[seat.position]


def seats_to_swap_with(draw: Draw, seat: Seat) -> list[Seat]:
    """Seats of other entities whose holders could trade places with this one's: no ties, not in the team already."""
    barred = recusals_now(draw)
    codes = {pick.entity_id: pick.code for pick in draw.picks if pick.status == "picked"}
    mine, own_team = codes[seat.entity_id], {s.inspector_id for s in seats_of(draw, seat.entity_id)}
    query = select(Seat).where(
        Seat.draw_id == draw.id,
        Seat.status == "seated",
        Seat.inspector_id.is_not(None),
        Seat.entity_id != seat.entity_id,
        Seat.position == seat.position,
    )
    found = []
    for other in db.session.scalars(query.order_by(Seat.id)):
        theirs = {s.inspector_id for s in seats_of(draw, other.entity_id)}
        ties = {(other.inspector_draw_id, mine), (seat.inspector_draw_id, codes[other.entity_id])}
        if other.inspector_id not in own_team and seat.inspector_id not in theirs and not ties & barred:
            found.append(other)
    return found


def trade(draw: Draw, seat: Seat, other: Seat) -> None:
    """The holders of two seats of the same position trade places."""
    holders = seat.inspector_draw_id, other.inspector_draw_id
    for left, entered in ((seat, holders[1]), (other, holders[0])):
        left.status = "left"
        seat_anew(draw, db.session.get_one(Pick, left.pick_id), left.position, entered)


def inspectors_to_appoint(draw: Draw, seat: Seat) -> list[Inspector]:
    """Who could be appointed to a seat: certificate valid through the window, no ties, not in the team already."""
    first, last = window_left(draw)
    people = drawable_inspectors(draw.agency_id, last, first, rules_of_draw(draw))
    tied = {i for i, _ in recusals_among(draw.agency_id, people, [seat.entity_id])}
    team = {held.inspector_id for held in seats_of(draw, seat.entity_id)}
    return [person for person in people if person.id not in tied | team]


def window_left(draw: Draw) -> tuple[date, date]:
    """The days on which the draw's visits can still be made: from today, or from the window's begin, to its end."""
    tasks = tasks_of_draw(draw)
    last = max(task.window_to for task in tasks)
    return min(max(today(), min(task.window_from for task in tasks)), last), last


def unable_now(draw: Draw) -> set[str]:
    """Draw-local ids of those drawn from who are not free, by leave or certificate, on all days that are left."""
    first, last = window_left(draw)
    able = {person.id for person in drawable_inspectors(draw.agency_id, last, first, rules_of_draw(draw))}
    free = able - absences_between(draw.agency_id, first, last).keys()
    return {local for local, inspector in inspector_ids(draw).items() if inspector not in free}


def local_id(draw: Draw, inspector_id: int) -> str:
    """The draw-local id of an inspector; who was not among those drawn from gets one of his own, `A001` and on."""
    ids = {inspector: draw_local for draw_local, inspector in inspector_ids(draw).items()}
    appointed = sum(draw_local.startswith(APPOINTED) for draw_local in ids.values())
    return ids.get(inspector_id, f"{APPOINTED}{appointed + 1:03}")


def inspector_ids(draw: Draw) -> dict[str, int]:
    """Inspector by draw-local id: those drawn from, and those appointed since."""
    known = {i.draw_id: i.inspector_id for i in known_inspectors(draw).values()}
    seats = db.session.scalars(select(Seat).where(Seat.draw_id == draw.id, Seat.inspector_id.is_not(None)))
    return known | {
        s.inspector_draw_id: s.inspector_id for s in seats if s.inspector_draw_id and s.inspector_id
    }


def recused_since(draw: Draw, codes: Sequence[str]) -> list[str]:
    """Recusals from these entities declared after the commitment, as lines of recusals.txt: a verifier needs them."""
    committed = kept_files(draw).recusals.lines
    lines = (f"{draw_id}|{code}" for draw_id, code in recusals_now(draw) if code in codes)
    return sorted({*lines} - {*committed})


def recusals_now(draw: Draw) -> set[tuple[str, str]]:
    """The committed recusals and the ties declared since, as (draw-local id, code) of the picks."""
    by_id = {inspector: draw_local for draw_local, inspector in inspector_ids(draw).items()}
    codes = {pick.entity_id: pick.code for pick in draw.picks}
    since = {
        (by_id[person], codes[entity])
        for person, entity in apart_now(draw.agency_id)
        if person in by_id and entity in codes
    }
    return {*pairs(kept_files(draw).recusals)} | since


def teams(draw: Draw) -> list[SeatedTeam]:
    """Every team as it is seated now."""
    first: dict[int, Pick] = {}
    for pick in draw.picks:
        if pick.status == "picked":
            first.setdefault(pick.entity_id, pick)
    seated: dict[int, list[str | None]] = {}
    query = select(Seat).where(Seat.draw_id == draw.id, Seat.status == "seated").order_by(Seat.position)
    for seat in db.session.scalars(query):
        seated.setdefault(seat.entity_id, []).append(seat.inspector_draw_id)
    return [
        SeatedTeam(pick.code, pick.stratum, tuple(seated.get(entity_id, ())))
        for entity_id, pick in first.items()
    ]


def seats_of(draw: Draw, entity_id: int) -> list[Seat]:
    """The seats of one entity's team."""
    query = select(Seat).where(Seat.draw_id == draw.id, Seat.entity_id == entity_id, Seat.status == "seated")
    return list(db.session.scalars(query.order_by(Seat.position)))


def seat_anew(draw: Draw, pick: Pick, position: int, inspector_draw_id: str | None) -> Seat:
    """A new row for whoever sits at this position from now on."""
    known = inspector_ids(draw)
    seat = Seat(
        draw_id=draw.id,
        pick_id=pick.id,
        entity_id=pick.entity_id,
        position=position,
        inspector_id=known[inspector_draw_id] if inspector_draw_id else None,
        inspector_draw_id=inspector_draw_id,
        status="seated",
    )
    db.session.add(seat)
    db.session.flush()
    return seat


def team_spelled(draw: Draw, pick: Pick) -> Mapping[str, object]:
    """A team for the event line."""
    return {"code": pick.code, "seats": [seat.inspector_draw_id for seat in seats_of(draw, pick.entity_id)]}


def distinct(picks: Sequence[Pick]) -> list[Pick]:
    """One pick for each code, in order."""
    return list({pick.code: pick for pick in reversed(picks)}.values())[::-1]


def _entered(draw: Draw, leaver: Pick, ticket: Ticket, entity_id: int) -> Pick:
    entrant = Pick(
        task_id=leaver.task_id,
        entity_id=entity_id,
        code=ticket.code,
        stratum=leaver.stratum,
        rank=ticket.rank,
        ticket=ticket.ticket,
        status="picked",
    )
    draw.picks.append(entrant)
    db.session.flush()
    return entrant


def _in_portions(tickets: Iterator[Ticket]) -> Iterator[list[Ticket]]:
    while portion := list(islice(tickets, _AT_A_TIME)):
        yield portion


def _entities(ids: Sequence[int]) -> list[Entity]:
    return list(db.session.scalars(select(Entity).where(Entity.id.in_(ids))))


def _exempt_now(entity: Entity) -> str:
    return "新获免检" if exemption_of(entity.agency_id, entity.id, today()) else ""


def _keys(draw: Draw) -> Keys:
    assert draw.record is not None, "keys follow from a record's seed"
    return keys_of(bytes.fromhex(draw.record["seed"]))
