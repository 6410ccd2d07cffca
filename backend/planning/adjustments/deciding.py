"""Whoever the rules name decides: refuses, or agrees and it is carried out in the same transaction.

Visits react to `team.changed` and `entity.replaced`; what they refuse (a visit that was begun, or submitted) refuses the
whole step.
"""

from backend.core.errors import ADJUSTMENT_DECIDED, OWN_REQUEST, WAY_NOT_IN_RULES, Refusal
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability, Role
from backend.foundation.rule_profiles.signatories import may_sign, require_signatory
from backend.planning.adjustments import on_draws, on_received_lists
from backend.planning.adjustments.asking import Paper, check_reason, declare, note_down
from backend.planning.adjustments.models import Adjustment
from backend.planning.adjustments.places import drawn_place, received_place, standing_drawn_seat
from backend.planning.adjustments.queries import adjustment_of
from backend.planning.adjustments.rules import WAYS, signed_by
from backend.planning.draw.actions import in_state
from backend.planning.tasks.queries import rules_of_task, task_of
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction


def refuse(actor: Actor, adjustment_id: int, note: str) -> None:
    """Whoever decides says no, and why."""
    require(actor, Capability.DECIDE_ADJUSTMENTS)
    check_reason(note)
    with transaction():
        adjustment = _undecided(actor, adjustment_id)
        _require_decider(actor, adjustment)
        _decide(actor, adjustment, "refused", note)
        facts = {"kind": adjustment.kind, "note": note.strip()}
        record(actor, "adjustment.refuse", "adjustment", adjustment.id, after=facts)


def grant(
    actor: Actor,
    adjustment_id: int,
    note: str = "",
    way: str = "stand_down",
    other_seat_id: int | None = None,
    inspector_id: int | None = None,
) -> Adjustment:
    """Whoever the rules name agrees, and it is carried out at once.

    `way` is how a recusal is met: `swap` with `other_seat_id`, `stand_down` (the next candidate takes the seat) or
    `appoint` with `inspector_id`. A seat that rules let be filled by appointment alone always needs `inspector_id`.
    """
    require(actor, Capability.DECIDE_ADJUSTMENTS)
    with transaction():
        adjustment = _undecided(actor, adjustment_id)
        _require_decider(actor, adjustment)
        _check_way(adjustment, way)
        _decide(actor, adjustment, "granted", note)
        if adjustment.kind == "recusal":
            declare(actor, adjustment)
        if adjustment.draw_id is None:
            task = task_of(actor.agency_id, adjustment.task_id)
            if adjustment.kind == "recusal" and way == "swap":
                on_received_lists.swap(actor, task, adjustment, other_seat_id)
            elif adjustment.kind == "appoint" or inspector_id is not None:
                on_received_lists.appoint(actor, task, adjustment, inspector_id or 0)
            else:
                on_received_lists.redraw(actor, task, adjustment)
            return adjustment
        draw = in_state(actor, adjustment.draw_id, "locked", "调整")
        if adjustment.kind == "replace":
            on_draws.replace(actor, draw, adjustment)
        elif adjustment.kind == "recusal" and way == "swap":
            on_draws.swap(actor, draw, adjustment, other_seat_id)
        elif adjustment.kind == "appoint" or inspector_id is not None:
            on_draws.appoint(actor, draw, adjustment, inspector_id or 0)
        else:
            on_draws.redraw(actor, draw, adjustment)
        return adjustment


def replace(actor: Actor, draw_id: int, pick_id: int, reason: str, paper: Paper | None = None) -> str | None:
    """The unit's leader replaces an entity at once; the code of the first that entered, None where nobody could."""
    with transaction():
        done = _at_once(actor, "replace", draw_id, pick_id, None, reason, paper)
        entrants = (done.outcome or {})["entrants"]
        return entrants[0]["code"] if entrants else None


def redraw_seat(
    actor: Actor, draw_id: int, seat_id: int, reason: str, paper: Paper | None = None
) -> str | None:
    """An inspector stands down; the next candidate takes the seat (003 art. 11). Returns the new draw-local id."""
    with transaction():
        done = _at_once(actor, "redraw", draw_id, None, seat_id, reason, paper)
        entered: str | None = (done.outcome or {})["entered"]
        return entered


def appoint(
    actor: Actor, draw_id: int, seat_id: int, inspector_id: int, reason: str, paper: Paper | None = None
) -> str:
    """The unit's leader appoints a qualified inspector to a seat (003 art. 10, 002（二十一）). Returns the draw-local id."""
    with transaction():
        done = _at_once(actor, "appoint", draw_id, None, seat_id, reason, paper, inspector_id)
        entered: str = (done.outcome or {})["entered"]
        return entered


def change_received_team(
    actor: Actor,
    task_id: int,
    seat_id: int,
    reason: str,
    paper: Paper | None = None,
    inspector_id: int | None = None,
) -> Adjustment:
    """The unit's leader has a seat of a received list's team redrawn, or appoints `inspector_id` to it, at once."""
    require(actor, Capability.DECIDE_ON_DRAW)
    with transaction():
        hold_chain(actor.agency_id)
        place = received_place(task_of(actor.agency_id, task_id), seat_id)
        asked = note_down(actor, "redraw" if inspector_id is None else "appoint", place, reason, paper)
        return grant(actor, asked.id, inspector_id=inspector_id)


def _at_once(
    actor: Actor,
    kind: str,
    draw_id: int,
    pick_id: int | None,
    seat_id: int | None,
    reason: str,
    paper: Paper | None,
    inspector_id: int | None = None,
) -> Adjustment:
    require(actor, Capability.DECIDE_ON_DRAW)
    draw = in_state(actor, draw_id, "locked", "调整")
    pick_of_seat = standing_drawn_seat(draw, seat_id).pick_id if seat_id is not None else 0
    place = drawn_place(draw, pick_id or pick_of_seat, seat_id)
    asked = note_down(actor, kind, place, reason, paper)
    return grant(actor, asked.id, inspector_id=inspector_id)


def may_decide(actor: Actor, adjustment: Adjustment) -> bool:
    """Whether the actor may decide this one by the rules of its task; nobody but the leader decides their own."""
    key = signed_by(adjustment.kind, adjustment.inspector_id is None)
    if key is None:
        return actor.may(Capability.DECIDE_ON_DRAW)
    own = adjustment.asked_by_id == actor.user_id and Role.HEAD not in actor.roles
    return not own and may_sign(actor, rules_of_task(adjustment.task_id), key)


def _require_decider(actor: Actor, adjustment: Adjustment) -> None:
    key = signed_by(adjustment.kind, adjustment.inspector_id is None)
    if key is None:
        require(actor, Capability.DECIDE_ON_DRAW)
        return
    require_signatory(actor, rules_of_task(adjustment.task_id), key)
    if not may_decide(actor, adjustment):
        raise Refusal(OWN_REQUEST)


def _check_way(adjustment: Adjustment, way: str) -> None:
    rules = rules_of_task(adjustment.task_id)
    if adjustment.kind == "recusal" and way != "appoint" and way not in rules.words("recusal.ways"):
        raise Refusal(WAY_NOT_IN_RULES, rules.ground("recusal.ways"), way=WAYS.get(way, way))


def _undecided(actor: Actor, adjustment_id: int) -> Adjustment:
    hold_chain(actor.agency_id)
    adjustment = adjustment_of(actor.agency_id, adjustment_id)
    db.session.refresh(adjustment, with_for_update=True)
    if adjustment.status != "asked":
        raise Refusal(ADJUSTMENT_DECIDED, by=adjustment.decided_by_name)
    return adjustment


def _decide(actor: Actor, adjustment: Adjustment, status: str, note: str) -> None:
    adjustment.status, adjustment.decided_by_name, adjustment.decided_at = status, actor.name, now()
    adjustment.decision_note = note.strip()
