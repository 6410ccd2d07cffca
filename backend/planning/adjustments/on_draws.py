"""Carry an agreed adjustment out on a locked draw, and tell it in the draw's events."""

from typing import Any

from backend.core.errors import (
    DRAW_NOT_IN_STATE,
    NO_ONE_TO_ENTER,
    NOT_TO_BE_APPOINTED,
    SWAP_IMPOSSIBLE,
    Refusal,
)
from backend.foundation.audit.actions import record
from backend.foundation.permissions.actor import Actor
from backend.planning.adjustments import seating
from backend.planning.adjustments.models import Adjustment
from backend.planning.adjustments.places import is_out, standing_drawn_seat, standing_pick
from backend.planning.draw.events import tell
from backend.planning.draw.models import Draw, Pick
from backend.planning.draw.queries import tasks_of_draw
from backend.planning.tasks.queries import rules_of_task
from backend.plumbing.db import db
from backend.plumbing.events import announce


def replace(actor: Actor, draw: Draw, adjustment: Adjustment) -> None:
    """The next ticket of each stratum enters for the leaver and takes its team (draw.md 1.9)."""
    if draw.revealed_at is not None:
        # Everyone can compute by now who would be next, and the entrant's own code would never be opened.
        raise Refusal(DRAW_NOT_IN_STATE, serial=draw.serial, state="已公开", step="替换检查对象")
    leaver = standing_pick(draw, adjustment.pick_id or 0)
    leaving = [p for p in draw.picks if p.code == leaver.code and p.status == "picked"]
    passed: seating.PassedOver = []
    exemptible = _exemptions_hold(draw)
    entered = [e for pick in leaving if (e := seating.let_enter(draw, pick, exemptible, passed))]
    for pick in leaving:
        pick.status = "replaced"
    seating.hand_over(draw, leaver, entered)
    entrants = seating.distinct(entered)
    facts = {
        "leaver": leaver.code,
        "entrants": [{"stratum": p.stratum, "code": p.code, "rank": p.rank} for p in entered],
        "passed_over": passed,
        "teams": [seating.team_spelled(draw, p) for p in entrants],
        "recused": seating.recused_since(draw, [p.code for p in entrants]),
    }
    _told(actor, draw, adjustment, "replaced", "draw.replace", facts)
    if is_out(draw):
        vacant = [s for p in entrants for s in seating.seats_of(draw, p.entity_id) if s.inspector_id is None]
        if vacant:
            raise Refusal(NO_ONE_TO_ENTER, rules_of_task(adjustment.task_id).ground("team.shortage"))
        announce(
            "entity.replaced",
            actor=actor,
            draw_id=draw.id,
            entity_id=leaver.entity_id,
            reason=adjustment.reason,
        )


def redraw(actor: Actor, draw: Draw, adjustment: Adjustment) -> None:
    """The next candidate takes the seat (draw.md 1.10)."""
    profile = rules_of_task(adjustment.task_id)
    if profile.text("replacement.inspector") == "appoint":
        raise Refusal(NOT_TO_BE_APPOINTED, profile.ground("replacement.inspector"))
    seat = standing_drawn_seat(draw, adjustment.seat_id or 0)
    entered = seating.next_for_seat(draw, seat)
    if entered is None and is_out(draw):
        raise Refusal(NO_ONE_TO_ENTER, profile.ground("team.shortage"))
    pick = db.session.get_one(Pick, seat.pick_id)
    seat.status = "left"
    seating.seat_anew(draw, pick, seat.position, entered)
    facts = {
        "code": pick.code,
        "seat": seat.position,
        "left": seat.inspector_draw_id,
        "entered": entered,
        "recused": seating.recused_since(draw, [pick.code]),
        "unable": sorted(seating.unable_now(draw)),
    }
    _told(actor, draw, adjustment, "seat_redrawn", "draw.redraw_seat", facts)
    _teams_follow(actor, draw, pick.entity_id)


def appoint(actor: Actor, draw: Draw, adjustment: Adjustment, inspector_id: int) -> None:
    """The leader of the unit names who takes the seat, where the rules let them or nobody is left to be redrawn."""
    profile = rules_of_task(adjustment.task_id)
    seat = standing_drawn_seat(draw, adjustment.seat_id or 0)
    rule = "replacement.inspector" if seat.inspector_id else "team.shortage"
    if seat.inspector_id is None and "appoint" not in profile.words(rule):
        raise Refusal(NOT_TO_BE_APPOINTED, profile.ground(rule))
    drawn_anew = seat.inspector_id is not None and profile.text("replacement.inspector") == "redraw"
    if drawn_anew and seating.next_for_seat(draw, seat) is not None:
        raise Refusal(NOT_TO_BE_APPOINTED, profile.ground(rule))
    able = {i.id: i for i in seating.inspectors_to_appoint(draw, seat)}
    if inspector_id not in able:
        raise Refusal(NOT_TO_BE_APPOINTED, profile.ground(rule))
    entered = seating.local_id(draw, inspector_id)
    pick = db.session.get_one(Pick, seat.pick_id)
    left, seat.status = seat.inspector_draw_id, "left"
    anew = seating.seat_anew(draw, pick, seat.position, None)
    anew.inspector_id, anew.inspector_draw_id = inspector_id, entered
    db.session.flush()
    recused = seating.recused_since(draw, [pick.code])
    facts = {
        "code": pick.code,
        "seat": seat.position,
        "left": left,
        "entered": entered,
        "recused": recused,
    }
    _told(actor, draw, adjustment, "appointed", "draw.appoint", facts)
    _teams_follow(actor, draw, pick.entity_id)


def swap(actor: Actor, draw: Draw, adjustment: Adjustment, other_seat_id: int | None) -> None:
    """Two inspectors trade entities (003 art. 11)."""
    seat = standing_drawn_seat(draw, adjustment.seat_id or 0)
    possible = {other.id: other for other in seating.seats_to_swap_with(draw, seat)}
    other = possible.get(other_seat_id or 0)
    if other is None:
        raise Refusal(SWAP_IMPOSSIBLE, rules_of_task(adjustment.task_id).ground("recusal.ways"))
    codes = {pick.entity_id: pick.code for pick in draw.picks}
    both = [codes[seat.entity_id], codes[other.entity_id]]
    facts = {
        "codes": both,
        "seat": seat.position,
        "traded": [seat.inspector_draw_id, other.inspector_draw_id],
        "recused": seating.recused_since(draw, both),
    }
    seating.trade(draw, seat, other)
    _told(actor, draw, adjustment, "swapped", "draw.swap", facts)
    for entity_id in (seat.entity_id, other.entity_id):
        _teams_follow(actor, draw, entity_id)


def _told(
    actor: Actor, draw: Draw, adjustment: Adjustment, event: str, verb: str, facts: dict[str, Any]
) -> None:
    approved = {"reason": adjustment.reason, "approver": actor.name, "asked_by": adjustment.asked_by_name}
    evidence = {"evidence": adjustment.evidence_sha256} if adjustment.evidence_sha256 else {}
    adjustment.outcome = facts
    _settle(draw)
    tell(draw, event, {**facts, **approved, **evidence})
    record(actor, verb, "draw", draw.id, after={**facts, **approved, "adjustment": adjustment.id})


def _teams_follow(actor: Actor, draw: Draw, entity_id: int) -> None:
    if is_out(draw):
        announce("team.changed", actor=actor, task_id=None, draw_id=draw.id, entity_id=entity_id)


def _settle(draw: Draw) -> None:
    """Tasks that are not out yet can be dispatched once no seat of theirs is empty."""
    vacant = any(None in team.seats for team in seating.teams(draw))
    for task in tasks_of_draw(draw):
        if task.status in ("drawn", "matched"):
            task.status = "drawn" if vacant else "matched"


def _exemptions_hold(draw: Draw) -> bool:
    profile = rules_of_task(draw.tasks[0].task_id)
    never = set(profile.words("exemption.never_covers"))
    covered = not any(never.intersection(task.natures) for task in tasks_of_draw(draw))
    return profile.flag("exemption.allowed") and covered
