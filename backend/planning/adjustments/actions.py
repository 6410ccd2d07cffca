"""Ask for an adjustment of a locked draw, decide it, carry it out; after the dispatch the visits follow.

A decision and what it changes are one transaction. Visits react to `team.changed` and `entity.replaced`; what they refuse
(a visit that was begun, or submitted) refuses the whole step.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from backend.core.errors import (
    ADJUSTMENT_DECIDED,
    EVIDENCE_MISSING,
    NO_ONE_TO_ENTER,
    NOT_FOUND,
    NOT_TO_BE_APPOINTED,
    OWN_REQUEST,
    REASON_TOO_SHORT,
    SWAP_IMPOSSIBLE,
    WAY_NOT_IN_RULES,
    Refusal,
)
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability, Role
from backend.foundation.rule_profiles.signatories import may_sign, require_signatory
from backend.planning.adjustments import seating
from backend.planning.adjustments.models import Adjustment
from backend.planning.adjustments.queries import adjustment_of, open_request
from backend.planning.adjustments.rules import WAYS, signed_by
from backend.planning.draw.actions import in_state
from backend.planning.draw.events import tell
from backend.planning.draw.models import Draw, Pick
from backend.planning.draw.queries import draw_of
from backend.planning.draw.roster import tasks_of_draw
from backend.planning.matching.models import Recusal, Seat
from backend.planning.tasks.queries import rules_of_task
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.events import announce
from backend.plumbing.files import store
from backend.registers.inspectors.queries import inspector

SHORTEST_REASON = 4
LARGEST_PAPER = 20_000_000


@dataclass(frozen=True)
class Paper:
    """The written note or other evidence that comes with an adjustment."""

    filename: str
    content: bytes


def ask(
    actor: Actor, kind: str, draw_id: int, pick_id: int, seat_id: int | None, reason: str, paper: Paper | None
) -> Adjustment:
    """The office asks the unit's leader for a replacement or a redrawn seat."""
    require(actor, Capability.ASK_ADJUSTMENT)
    with transaction():
        draw = in_state(actor, draw_id, "locked", "申请调整")
        pick = _standing_pick(draw, pick_id)
        seat = _standing_seat(draw, seat_id) if seat_id is not None else None
        return _noted(actor, kind, draw, pick, seat, reason, paper)


def take_up_recusal(
    actor: Actor, draw_id: int, entity_id: int, inspector_id: int, reason: str
) -> Adjustment | None:
    """A recusal that was asked for at the door and granted waits here for the way in which it is met.

    From now on the two are never matched again. None where the inspector no longer sits there.
    """
    require(actor, Capability.DECIDE_ON_DRAW)
    with transaction():
        hold_chain(actor.agency_id)
        draw = draw_of(actor.agency_id, draw_id)
        held = (s for s in seating.seats_of(draw, entity_id) if s.inspector_id == inspector_id)
        seat = next(held, None)
        if seat is None:
            return None
        known = open_request(draw.id, seat.id, "recusal")
        if known is not None:
            return known
        pick = db.session.get_one(Pick, seat.pick_id)
        adjustment = _noted(actor, "recusal", draw, pick, seat, reason, None)
        person = inspector(actor.agency_id, inspector_id)
        adjustment.asked_by_id, adjustment.asked_by_name = person.user_id or actor.user_id, person.name
        adjustment.department_id = person.department_id
        _declare(actor, adjustment)
        return adjustment


def refuse(actor: Actor, adjustment_id: int, note: str) -> None:
    """Whoever decides says no, and why."""
    require(actor, Capability.DECIDE_ADJUSTMENTS)
    _check_reason(note)
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
        draw = in_state(actor, adjustment.draw_id, "locked", "调整")
        _decide(actor, adjustment, "granted", note)
        if adjustment.kind == "replace":
            _replace(actor, draw, adjustment)
        elif adjustment.kind == "recusal" and way == "swap":
            _declare(actor, adjustment)
            _swap(actor, draw, adjustment, other_seat_id)
        elif adjustment.kind == "appoint" or inspector_id is not None:
            if adjustment.kind == "recusal":
                _declare(actor, adjustment)
            _appoint(actor, draw, adjustment, inspector_id or 0)
        else:
            if adjustment.kind == "recusal":
                _declare(actor, adjustment)
            _redraw(actor, draw, adjustment)
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
    seat = _standing_seat(draw, seat_id) if seat_id is not None else None
    pick = _standing_pick(draw, pick_id or (seat.pick_id if seat else 0))
    asked = _noted(actor, kind, draw, pick, seat, reason, paper)
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
        raise Refusal(WAY_NOT_IN_RULES, rules.cite("recusal.ways"), way=WAYS.get(way, way))


def _noted(
    actor: Actor, kind: str, draw: Draw, pick: Pick, seat: Seat | None, reason: str, paper: Paper | None
) -> Adjustment:
    _check_reason(reason)
    leaves = kind in ("redraw", "appoint") and seat is not None and seat.inspector_id is not None
    needs = rules_of_task(pick.task_id).get("replacement.needs")
    if leaves and paper is None and "书面" in str(needs.value or ""):
        raise Refusal(EVIDENCE_MISSING, needs.citation, needs=needs.value)
    sha256 = hashlib.sha256(paper.content).hexdigest() if paper else None
    if paper and sha256:
        store().put(f"adjustments/{sha256}", paper.content)
    adjustment = Adjustment(
        agency_id=actor.agency_id,
        kind=kind,
        draw_id=draw.id,
        task_id=pick.task_id,
        entity_id=pick.entity_id,
        pick_id=pick.id,
        seat_id=seat.id if seat else None,
        inspector_id=seat.inspector_id if seat else None,
        reason=reason.strip(),
        evidence_name=paper.filename if paper else None,
        evidence_sha256=sha256,
        asked_by_id=actor.user_id,
        asked_by_name=actor.name,
        department_id=actor.department_id,
        asked_at=now(),
        after_dispatch=_is_out(draw),
        status="asked",
    )
    db.session.add(adjustment)
    db.session.flush()
    facts = {"kind": kind, "entity": pick.entity_id, "reason": adjustment.reason, "evidence": sha256}
    record(actor, "adjustment.ask", "adjustment", adjustment.id, after=facts)
    return adjustment


def _replace(actor: Actor, draw: Draw, adjustment: Adjustment) -> None:
    leaver = _standing_pick(draw, adjustment.pick_id)
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
    }
    _told(actor, draw, adjustment, "replaced", "draw.replace", facts)
    if _is_out(draw):
        vacant = [s for p in entrants for s in seating.seats_of(draw, p.entity_id) if s.inspector_id is None]
        if vacant:
            raise Refusal(NO_ONE_TO_ENTER)
        announce(
            "entity.replaced",
            actor=actor,
            draw_id=draw.id,
            entity_id=leaver.entity_id,
            reason=adjustment.reason,
        )


def _redraw(actor: Actor, draw: Draw, adjustment: Adjustment) -> None:
    profile = rules_of_task(adjustment.task_id)
    if profile.text("replacement.inspector") == "appoint":
        raise Refusal(NOT_TO_BE_APPOINTED, profile.cite("replacement.inspector"))
    seat = _standing_seat(draw, adjustment.seat_id or 0)
    entered = seating.next_for_seat(draw, seat)
    if entered is None and _is_out(draw):
        raise Refusal(NO_ONE_TO_ENTER, profile.cite("team.shortage"))
    pick = db.session.get_one(Pick, seat.pick_id)
    seat.status = "left"
    seating.seat_anew(draw, pick, seat.position, entered)
    facts = {
        "code": pick.code,
        "seat": seat.position,
        "left": seat.inspector_draw_id,
        "entered": entered,
    }
    _told(actor, draw, adjustment, "seat_redrawn", "draw.redraw_seat", facts)
    _teams_follow(actor, draw, pick.entity_id)


def _appoint(actor: Actor, draw: Draw, adjustment: Adjustment, inspector_id: int) -> None:
    profile = rules_of_task(adjustment.task_id)
    seat = _standing_seat(draw, adjustment.seat_id or 0)
    rule = "replacement.inspector" if seat.inspector_id else "team.shortage"
    if seat.inspector_id is None and "appoint" not in profile.words(rule):
        raise Refusal(NOT_TO_BE_APPOINTED, profile.cite(rule))
    drawn_anew = seat.inspector_id is not None and profile.text("replacement.inspector") == "redraw"
    if drawn_anew and seating.next_for_seat(draw, seat) is not None:
        raise Refusal(NOT_TO_BE_APPOINTED, profile.cite(rule))
    able = {i.id: i for i in seating.inspectors_to_appoint(draw, seat)}
    if inspector_id not in able:
        raise Refusal(NOT_TO_BE_APPOINTED, profile.cite(rule))
    entered = seating.local_id(draw, inspector_id)
    pick = db.session.get_one(Pick, seat.pick_id)
    left, seat.status = seat.inspector_draw_id, "left"
    anew = seating.seat_anew(draw, pick, seat.position, None)
    anew.inspector_id, anew.inspector_draw_id = inspector_id, entered
    db.session.flush()
    facts = {"code": pick.code, "seat": seat.position, "left": left, "entered": entered}
    _told(actor, draw, adjustment, "appointed", "draw.appoint", facts)
    _teams_follow(actor, draw, pick.entity_id)


def _swap(actor: Actor, draw: Draw, adjustment: Adjustment, other_seat_id: int | None) -> None:
    seat = _standing_seat(draw, adjustment.seat_id or 0)
    possible = {other.id: other for other in seating.seats_to_swap_with(draw, seat)}
    other = possible.get(other_seat_id or 0)
    if other is None:
        raise Refusal(SWAP_IMPOSSIBLE, rules_of_task(adjustment.task_id).cite("recusal.ways"))
    codes = {pick.entity_id: pick.code for pick in draw.picks}
    facts = {
        "codes": [codes[seat.entity_id], codes[other.entity_id]],
        "seat": seat.position,
        "traded": [seat.inspector_draw_id, other.inspector_draw_id],
    }
    seating.trade(draw, seat, other)
    _told(actor, draw, adjustment, "swapped", "draw.swap", facts)
    for entity_id in (seat.entity_id, other.entity_id):
        _teams_follow(actor, draw, entity_id)


def _declare(actor: Actor, adjustment: Adjustment) -> None:
    """A granted recusal holds from now on: the two are never matched again."""
    assert adjustment.inspector_id is not None, "whoever asks for a recusal sits in the seat"
    known = db.session.query(Recusal).filter_by(
        inspector_id=adjustment.inspector_id, entity_id=adjustment.entity_id
    )
    if known.first() is None:
        db.session.add(
            Recusal(
                agency_id=actor.agency_id,
                inspector_id=adjustment.inspector_id,
                entity_id=adjustment.entity_id,
                reason=adjustment.reason,
                declared_at=now(),
            )
        )
        db.session.flush()


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
    if _is_out(draw):
        announce("team.changed", actor=actor, draw_id=draw.id, entity_id=entity_id)


def _settle(draw: Draw) -> None:
    """Tasks that are not out yet can be dispatched once no seat of theirs is empty."""
    vacant = any(None in team.seats for team in seating.teams(draw))
    for task in tasks_of_draw(draw):
        if task.status in ("drawn", "matched"):
            task.status = "drawn" if vacant else "matched"


def _is_out(draw: Draw) -> bool:
    return any(task.status in ("dispatched", "done") for task in tasks_of_draw(draw))


def _exemptions_hold(draw: Draw) -> bool:
    profile = rules_of_task(draw.tasks[0].task_id)
    never = set(profile.words("exemption.never_covers"))
    covered = not any(never.intersection(task.natures) for task in tasks_of_draw(draw))
    return profile.flag("exemption.allowed") and covered


def _standing_pick(draw: Draw, pick_id: int) -> Pick:
    pick = next((p for p in draw.picks if p.id == pick_id and p.status == "picked"), None)
    if pick is None:
        raise Refusal(NOT_FOUND, what="要调整的对象")
    return pick


def _standing_seat(draw: Draw, seat_id: int) -> Seat:
    seat = db.session.get(Seat, seat_id)
    if seat is None or seat.draw_id != draw.id or seat.status != "seated":
        raise Refusal(NOT_FOUND, what="要调整的席位")
    return seat


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


def _check_reason(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
