"""Ask for an adjustment, each noted with its reason and paper: by the office, or because a recusal was granted at the door."""

import hashlib
from dataclasses import dataclass

from backend.core.errors import EVIDENCE_MISSING, NOT_FOUND, REASON_TOO_SHORT, Refusal
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.planning.adjustments.models import Adjustment
from backend.planning.adjustments.places import Place, drawn_place, received_place
from backend.planning.adjustments.queries import open_request
from backend.planning.adjustments.seating import seats_of
from backend.planning.draw.actions import in_state
from backend.planning.draw.queries import draw_of
from backend.planning.matching.models import Recusal
from backend.planning.received.queries import seats_of as received_seats_of
from backend.planning.tasks.queries import rules_of_task, task_of
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
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
    """The office asks the unit's leader for a replacement or a redrawn seat. Asking twice for the same asks once."""
    require(actor, Capability.ASK_ADJUSTMENT)
    with transaction():
        draw = in_state(actor, draw_id, "locked", "申请调整")
        place = drawn_place(draw, pick_id, None if kind == "replace" else seat_id or 0)
        return open_request(place, kind) or note_down(actor, kind, place, reason, paper)


def ask_for_received(
    actor: Actor, kind: str, task_id: int, seat_id: int, reason: str, paper: Paper | None
) -> Adjustment:
    """The office asks for another inspector in a team of a received list; its entities were drawn elsewhere and stay."""
    require(actor, Capability.ASK_ADJUSTMENT)
    with transaction():
        hold_chain(actor.agency_id)
        task = task_of(actor.agency_id, task_id)
        place = received_place(task, seat_id)
        return open_request(place, kind) or note_down(actor, kind, place, reason, paper)


def take_up_recusal(
    actor: Actor, draw_id: int | None, entity_id: int, inspector_id: int, reason: str, task_id: int = 0
) -> Adjustment | None:
    """A recusal that was asked for at the door and granted waits here for the way in which it is met.

    From now on the two are never matched again. None where the inspector no longer sits there. Without a draw, `task_id`
    names the received task.
    """
    require(actor, Capability.DECIDE_ON_DRAW)
    with transaction():
        hold_chain(actor.agency_id)
        place = _seat_held_by(actor, task_id, draw_id, entity_id, inspector_id)
        if place is None:
            return None
        known = open_request(place, "recusal")
        if known is not None:
            return known
        adjustment = note_down(actor, "recusal", place, reason, None)
        person = inspector(actor.agency_id, inspector_id)
        adjustment.asked_by_id, adjustment.asked_by_name = person.user_id or actor.user_id, person.name
        adjustment.department_id = person.department_id
        declare(actor, adjustment)
        return adjustment


def note_down(actor: Actor, kind: str, place: Place, reason: str, paper: Paper | None) -> Adjustment:
    """A new adjustment, waiting for its decision. Refused without the written note that the rules ask for."""
    check_reason(reason)
    leaves = kind in ("redraw", "appoint") and place.inspector_id is not None
    needs = rules_of_task(place.task_id).get("replacement.needs")
    if leaves and paper is None and "书面" in str(needs.value or ""):
        raise Refusal(EVIDENCE_MISSING, needs.citation, needs=needs.value)
    sha256 = hashlib.sha256(paper.content).hexdigest() if paper else None
    if paper and sha256:
        store().put(f"adjustments/{sha256}", paper.content)
    adjustment = Adjustment(
        agency_id=actor.agency_id,
        kind=kind,
        draw_id=place.draw_id,
        task_id=place.task_id,
        entity_id=place.entity_id,
        pick_id=place.pick_id,
        seat_id=place.seat_id,
        received_seat_id=place.received_seat_id,
        inspector_id=place.inspector_id,
        reason=reason.strip(),
        evidence_name=paper.filename if paper else None,
        evidence_sha256=sha256,
        asked_by_id=actor.user_id,
        asked_by_name=actor.name,
        department_id=actor.department_id,
        asked_at=now(),
        after_dispatch=place.is_out,
        status="asked",
    )
    db.session.add(adjustment)
    db.session.flush()
    facts = {"kind": kind, "entity": place.entity_id, "reason": adjustment.reason, "evidence": sha256}
    record(actor, "adjustment.ask", "adjustment", adjustment.id, after=facts)
    return adjustment


def declare(actor: Actor, adjustment: Adjustment) -> None:
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


def check_reason(reason: str) -> None:
    """Refuse a reason that says nothing."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)


def _seat_held_by(
    actor: Actor, task_id: int, draw_id: int | None, entity_id: int, inspector_id: int
) -> Place | None:
    if draw_id is None:
        task = task_of(actor.agency_id, task_id)
        listed = (s.id for s in received_seats_of(task.id, entity_id) if s.inspector_id == inspector_id)
        received = next(listed, None)
        return received_place(task, received) if received is not None else None
    draw = draw_of(actor.agency_id, draw_id)
    seat = next((s for s in seats_of(draw, entity_id) if s.inspector_id == inspector_id), None)
    if seat is None:
        return None
    if not any(pick.id == seat.pick_id and pick.status == "picked" for pick in draw.picks):
        raise Refusal(NOT_FOUND, what="要调整的对象")
    return drawn_place(draw, seat.pick_id, seat.id)
