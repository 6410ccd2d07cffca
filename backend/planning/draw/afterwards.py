"""What may still happen to a locked draw: an entity replaced, a seat redrawn, an inspector appointed."""

from collections.abc import Sequence

from sqlalchemy import select

from backend.core.errors import (
    NOT_FOUND,
    NOT_TO_BE_APPOINTED,
    REASON_TOO_SHORT,
    REPLACEMENT_AFTER_DISPATCH,
    Refusal,
)
from backend.foundation.audit.actions import record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.planning.draw.actions import in_state, settle_tasks
from backend.planning.draw.committed_files import pairs
from backend.planning.draw.events import tell
from backend.planning.draw.files_at_rest import kept_files, known_entities, known_inspectors
from backend.planning.draw.models import Draw, Pick
from backend.planning.draw.outcome import committed_rules
from backend.planning.draw.replacement import SeatedTeam, next_in_line, seat_redrawn, taken_over
from backend.planning.draw.roster import inspectors_for, recusals_among, tasks_of_draw
from backend.planning.draw.seed import Keys, keys_of
from backend.planning.matching.models import Seat
from backend.planning.tasks.models import Task
from backend.plumbing.db import db, transaction
from backend.registers.inspectors.models import Inspector

SHORTEST_REASON = 4
APPOINTED = "A"


def replace(actor: Actor, draw_id: int, pick_id: int, reason: str) -> str | None:
    """A drawn entity leaves all its strata; the next ticket of each enters and takes its team. The head decides.

    Returns the code of the first that entered, None where the strata are exhausted.
    """
    require(actor, Capability.DECIDE_ON_DRAW)
    _check_reason(reason)
    with transaction():
        draw = in_state(actor, draw_id, "locked", "替换对象")
        _check_not_dispatched(draw)
        leaver = next((p for p in draw.picks if p.id == pick_id and p.status == "picked"), None)
        if leaver is None:
            raise Refusal(NOT_FOUND, what="要替换的对象")
        leaving = [p for p in draw.picks if p.code == leaver.code and p.status == "picked"]
        entered = [entrant for pick in leaving if (entrant := _let_enter(draw, pick))]
        for pick in leaving:
            pick.status = "replaced"
        _hand_over(draw, leaver, entered)
        settle_tasks(draw)
        facts = {
            "leaver": leaver.code,
            "entrants": [{"stratum": p.stratum, "code": p.code, "rank": p.rank} for p in entered],
            "teams": [_team_spelled(draw, p) for p in _distinct(entered)],
            "reason": reason.strip(),
            "approver": actor.name,
        }
        tell(draw, "replaced", facts)
        record(actor, "draw.replace", "draw", draw.id, after=facts)
        return entered[0].code if entered else None


def redraw_seat(actor: Actor, draw_id: int, seat_id: int, reason: str) -> str | None:
    """An inspector stands down; the next candidate takes the seat (003 art. 11). Returns the new draw-local id."""
    require(actor, Capability.DECIDE_ON_DRAW)
    _check_reason(reason)
    with transaction():
        draw = in_state(actor, draw_id, "locked", "更换检查人员")
        _check_not_dispatched(draw)
        seat = db.session.get(Seat, seat_id)
        if seat is None or seat.draw_id != draw.id or seat.status != "seated":
            raise Refusal(NOT_FOUND, what="要更换的席位")
        pick = db.session.get_one(Pick, seat.pick_id)
        teams = _teams(draw)
        team = next(t for t in teams if t.code == pick.code)
        files = kept_files(draw)
        redrawn = seat_redrawn(
            team,
            seat.position,
            teams,
            pairs(files.inspectors),
            {*pairs(files.recusals)},
            committed_rules(draw.commit_doc),
            _keys(draw).inspector,
        )
        entered = redrawn.seats[seat.position]
        facts = {
            "code": pick.code,
            "seat": seat.position,
            "left": seat.inspector_draw_id,
            "entered": entered,
            "reason": reason.strip(),
            "approver": actor.name,
        }
        seat.status = "left"
        _seat_anew(draw, pick, seat.position, entered)
        settle_tasks(draw)
        tell(draw, "seat_redrawn", facts)
        record(actor, "draw.redraw_seat", "draw", draw.id, after=facts)
        return entered


def appoint(actor: Actor, draw_id: int, seat_id: int, inspector_id: int, reason: str) -> str:
    """Too few to be drawn: the head appoints a qualified inspector to an empty seat (003 art. 10).

    Returns the draw-local id; who was not among those drawn from gets one of his own, `A001` and on.
    """
    require(actor, Capability.DECIDE_ON_DRAW)
    _check_reason(reason)
    with transaction():
        draw = in_state(actor, draw_id, "locked", "委派检查人员")
        _check_not_dispatched(draw)
        seat = db.session.get(Seat, seat_id)
        if seat is None or seat.draw_id != draw.id or seat.status != "seated" or seat.inspector_id:
            raise Refusal(NOT_FOUND, what="空缺的席位")
        able = {i.id: i for i in inspectors_to_appoint(draw, seat)}
        if inspector_id not in able:
            citation = profile_for(actor.agency_id).cite("team.shortage")
            raise Refusal(NOT_TO_BE_APPOINTED, citation=citation)
        ids = {inspector: draw_local for draw_local, inspector in _inspector_ids(draw).items()}
        appointed = sum(draw_local.startswith(APPOINTED) for draw_local in ids.values())
        draw_local = ids.get(inspector_id, f"{APPOINTED}{appointed + 1:03}")
        seat.inspector_id, seat.inspector_draw_id = inspector_id, draw_local
        pick = db.session.get_one(Pick, seat.pick_id)
        facts = {
            "code": pick.code,
            "seat": seat.position,
            "entered": draw_local,
            "reason": reason.strip(),
            "approver": actor.name,
        }
        db.session.flush()
        settle_tasks(draw)
        tell(draw, "appointed", facts)
        record(actor, "draw.appoint", "draw", draw.id, after={**facts, "inspector": able[inspector_id].name})
        return draw_local


def inspectors_to_appoint(draw: Draw, seat: Seat) -> list[Inspector]:
    """Who could be appointed to a seat: certificate valid through the window, no ties, not in the team already."""
    window_to = max(task.window_to for task in tasks_of_draw(draw))
    people = inspectors_for(draw.agency_id, window_to)
    tied = {i for i, _ in recusals_among(draw.agency_id, people, [seat.entity_id])}
    team = {held.inspector_id for held in _seats(draw, seat.entity_id)}
    return [person for person in people if person.id not in tied | team]


def _inspector_ids(draw: Draw) -> dict[str, int]:
    """Inspector by draw-local id: those drawn from, and those appointed since."""
    known = {i.draw_id: i.inspector_id for i in known_inspectors(draw).values()}
    seats = db.session.scalars(select(Seat).where(Seat.draw_id == draw.id, Seat.inspector_id.is_not(None)))
    return known | {
        s.inspector_draw_id: s.inspector_id for s in seats if s.inspector_draw_id and s.inspector_id
    }


def _let_enter(draw: Draw, leaver: Pick) -> Pick | None:
    files = kept_files(draw)
    used = {pick.code for pick in draw.picks}
    found = next_in_line(files.strata[leaver.stratum], _keys(draw).entity, files.exempt, used)
    if found is None:
        return None
    entrant = Pick(
        task_id=leaver.task_id,
        entity_id=known_entities(draw)[found.code].entity_id,
        code=found.code,
        stratum=leaver.stratum,
        rank=found.rank,
        ticket=found.ticket,
        status="picked",
    )
    draw.picks.append(entrant)
    db.session.flush()
    return entrant


def _hand_over(draw: Draw, leaver: Pick, entered: Sequence[Pick]) -> None:
    """The first entrant takes the leaver's team; further ones (other strata) get seats drawn anew."""
    seats = _seats(draw, leaver.entity_id)
    team = SeatedTeam(leaver.code, leaver.stratum, tuple(seat.inspector_draw_id for seat in seats))
    for seat in seats:
        seat.status = "left"
    files, rules, key = kept_files(draw), committed_rules(draw.commit_doc), _keys(draw).inspector
    inspectors, recusals = pairs(files.inspectors), {*pairs(files.recusals)}
    others = [t for t in _teams(draw) if t.code not in {leaver.code, *(p.code for p in entered)}]
    for number, pick in enumerate(_distinct(entered)):
        if number == 0:
            new = taken_over(pick.code, pick.stratum, team, others, inspectors, recusals, rules, key)
        else:
            new = SeatedTeam(pick.code, pick.stratum, (None,) * rules.seats)
            for position in range(rules.seats):
                new = seat_redrawn(new, position, others, inspectors, recusals, rules, key)
        others = [*others, new]
        for position, draw_id in enumerate(new.seats):
            _seat_anew(draw, pick, position, draw_id)


def _teams(draw: Draw) -> list[SeatedTeam]:
    first: dict[int, Pick] = {}
    for pick in draw.picks:
        if pick.status == "picked":
            first.setdefault(pick.entity_id, pick)
    return [
        SeatedTeam(
            pick.code, pick.stratum, tuple(seat.inspector_draw_id for seat in _seats(draw, pick.entity_id))
        )
        for pick in first.values()
    ]


def _seats(draw: Draw, entity_id: int) -> list[Seat]:
    query = select(Seat).where(Seat.draw_id == draw.id, Seat.entity_id == entity_id, Seat.status == "seated")
    return list(db.session.scalars(query.order_by(Seat.position)))


def _seat_anew(draw: Draw, pick: Pick, position: int, inspector_draw_id: str | None) -> None:
    known = _inspector_ids(draw)
    db.session.add(
        Seat(
            draw_id=draw.id,
            pick_id=pick.id,
            entity_id=pick.entity_id,
            position=position,
            inspector_id=known[inspector_draw_id] if inspector_draw_id else None,
            inspector_draw_id=inspector_draw_id,
            status="seated",
        )
    )
    db.session.flush()


def _team_spelled(draw: Draw, pick: Pick) -> dict[str, object]:
    return {"code": pick.code, "seats": [seat.inspector_draw_id for seat in _seats(draw, pick.entity_id)]}


def _distinct(picks: Sequence[Pick]) -> list[Pick]:
    return list({pick.code: pick for pick in reversed(picks)}.values())[::-1]


def _keys(draw: Draw) -> Keys:
    assert draw.record is not None, "keys follow from a record's seed"
    return keys_of(bytes.fromhex(draw.record["seed"]))


def _check_not_dispatched(draw: Draw) -> None:
    tasks: list[Task] = tasks_of_draw(draw)
    if any(task.status in ("dispatched", "done") for task in tasks):
        raise Refusal(REPLACEMENT_AFTER_DISPATCH)


def _check_reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
