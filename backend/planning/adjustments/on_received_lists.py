"""Carry an agreed adjustment out in the teams of a received list; the trail tells it, for there is no draw record of ours."""

from typing import Any

from backend.core.errors import NO_ONE_TO_ENTER, NOT_TO_BE_APPOINTED, SWAP_IMPOSSIBLE, Refusal
from backend.foundation.audit.actions import record
from backend.foundation.permissions.actor import Actor
from backend.planning.adjustments.models import Adjustment
from backend.planning.adjustments.places import OUT
from backend.planning.received.models import ReceivedSeat
from backend.planning.received.queries import standing_seat
from backend.planning.received.seating import (
    inspectors_to_appoint,
    next_for_seat,
    seat_anew,
    seats_to_swap_with,
)
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import rules_of_task
from backend.plumbing.events import announce


def redraw(actor: Actor, task: Task, adjustment: Adjustment) -> None:
    """The next candidate takes the seat; a team that nobody can complete stays as it is."""
    rules, seat = rules_of_task(task.id), _seat(task, adjustment)
    if rules.text("replacement.inspector") == "appoint":
        raise Refusal(NOT_TO_BE_APPOINTED, rules.ground("replacement.inspector"))
    entered = next_for_seat(task, seat)
    if entered is None:
        raise Refusal(NO_ONE_TO_ENTER, rules.ground("team.shortage"))
    _take(actor, task, adjustment, seat, entered, "received.redraw_seat")


def appoint(actor: Actor, task: Task, adjustment: Adjustment, inspector_id: int) -> None:
    """The unit's leader appoints somebody able, where the rules let them or nobody is left to be redrawn."""
    rules, seat = rules_of_task(task.id), _seat(task, adjustment)
    redrawn = rules.text("replacement.inspector") == "redraw"
    if redrawn and next_for_seat(task, seat) is not None:
        raise Refusal(NOT_TO_BE_APPOINTED, rules.ground("replacement.inspector"))
    if inspector_id not in {person.id for person in inspectors_to_appoint(task, seat)}:
        raise Refusal(NOT_TO_BE_APPOINTED, rules.ground("replacement.inspector"))
    _take(actor, task, adjustment, seat, inspector_id, "received.appoint")


def swap(actor: Actor, task: Task, adjustment: Adjustment, other_seat_id: int | None) -> None:
    """Two inspectors trade entities (003 art. 11)."""
    seat = _seat(task, adjustment)
    other = next((one for one in seats_to_swap_with(task, seat) if one.id == other_seat_id), None)
    if other is None:
        raise Refusal(SWAP_IMPOSSIBLE, rules_of_task(task.id).ground("recusal.ways"))
    holders = seat.inspector_id, other.inspector_id
    seat_anew(seat, holders[1])
    seat_anew(other, holders[0])
    facts = {"entities": [seat.entity_id, other.entity_id], "seat": seat.position, "traded": [*holders]}
    _tell(actor, task, adjustment, "received.swap", facts, (seat.entity_id, other.entity_id))


def _take(
    actor: Actor, task: Task, adjustment: Adjustment, seat: ReceivedSeat, entered: int, verb: str
) -> None:
    seat_anew(seat, entered)
    facts = {
        "entity": seat.entity_id,
        "seat": seat.position,
        "left": seat.inspector_id,
        "entered": entered,
    }
    _tell(actor, task, adjustment, verb, facts, (seat.entity_id,))


def _tell(
    actor: Actor,
    task: Task,
    adjustment: Adjustment,
    verb: str,
    facts: dict[str, Any],
    entities: tuple[int, ...],
) -> None:
    approved = {"reason": adjustment.reason, "approver": actor.name, "asked_by": adjustment.asked_by_name}
    adjustment.outcome = facts
    after = {**facts, **approved, "adjustment": adjustment.id, "evidence": adjustment.evidence_sha256}
    record(actor, verb, "task", task.id, after=after)
    if task.status in OUT:
        for entity_id in entities:
            announce("team.changed", actor=actor, task_id=task.id, draw_id=None, entity_id=entity_id)


def _seat(task: Task, adjustment: Adjustment) -> ReceivedSeat:
    return standing_seat(task, adjustment.received_seat_id or 0)
