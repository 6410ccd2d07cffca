"""What an adjustment is about: a drawn entity, a seat of its team, or a seat in a team of a received list."""

from dataclasses import dataclass
from datetime import date

from backend.core.errors import NOT_FOUND, Refusal
from backend.planning.adjustments import seating
from backend.planning.adjustments.models import Adjustment
from backend.planning.draw.models import Draw, Pick
from backend.planning.draw.queries import draw_of, tasks_of_draw
from backend.planning.matching.models import Seat
from backend.planning.received import seating as received_seating
from backend.planning.received.models import ReceivedSeat
from backend.planning.received.queries import standing_seat
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import task_of
from backend.plumbing.db import db
from backend.registers.inspectors.models import Inspector

OUT = ("dispatched", "done")


@dataclass(frozen=True)
class Place:
    """Where an adjustment happens. `inspector_id`: who sits there now, None for an entity or an empty seat."""

    task_id: int
    entity_id: int
    inspector_id: int | None
    is_out: bool
    draw_id: int | None = None
    pick_id: int | None = None
    seat_id: int | None = None
    received_seat_id: int | None = None


def drawn_place(draw: Draw, pick_id: int, seat_id: int | None) -> Place:
    """A drawn entity that stays picked, or one seat of its team. Refuses NOT_FOUND."""
    pick = standing_pick(draw, pick_id)
    seat = standing_drawn_seat(draw, seat_id) if seat_id is not None else None
    if seat is not None and seat.entity_id != pick.entity_id:
        raise Refusal(NOT_FOUND, what="要调整的席位")
    return Place(
        task_id=pick.task_id,
        entity_id=pick.entity_id,
        inspector_id=seat.inspector_id if seat else None,
        is_out=is_out(draw),
        draw_id=draw.id,
        pick_id=pick.id,
        seat_id=seat.id if seat else None,
    )


def received_place(task: Task, seat_id: int) -> Place:
    """One seat in a team of a received list. Refuses NOT_FOUND."""
    seat = standing_seat(task, seat_id)
    return Place(
        task_id=task.id,
        entity_id=seat.entity_id,
        inspector_id=seat.inspector_id,
        is_out=task.status in OUT,
        received_seat_id=seat.id,
    )


def is_out(draw: Draw) -> bool:
    """Whether a task of the draw was sent out, so that visits have to follow."""
    return any(task.status in OUT for task in tasks_of_draw(draw))


def standing_pick(draw: Draw, pick_id: int) -> Pick:
    """A pick that no replacement has taken away. Refuses NOT_FOUND."""
    pick = next((p for p in draw.picks if p.id == pick_id and p.status == "picked"), None)
    if pick is None:
        raise Refusal(NOT_FOUND, what="要调整的对象")
    return pick


def standing_drawn_seat(draw: Draw, seat_id: int) -> Seat:
    """A seat as it stands now, empty or held. Refuses NOT_FOUND."""
    seat = db.session.get(Seat, seat_id)
    if seat is None or seat.draw_id != draw.id or seat.status != "seated":
        raise Refusal(NOT_FOUND, what="要调整的席位")
    return seat


def seat_behind(adjustment: Adjustment) -> Seat | ReceivedSeat | None:
    """The seat that an adjustment is about; None for an entity."""
    if adjustment.received_seat_id is not None:
        return db.session.get(ReceivedSeat, adjustment.received_seat_id)
    return db.session.get(Seat, adjustment.seat_id) if adjustment.seat_id is not None else None


def to_appoint(agency_id: int, seat: Seat | ReceivedSeat) -> list[Inspector]:
    """Who could be appointed to a seat."""
    if isinstance(seat, ReceivedSeat):
        return received_seating.inspectors_to_appoint(task_of(agency_id, seat.task_id), seat)
    return seating.inspectors_to_appoint(draw_of(agency_id, seat.draw_id), seat)


def to_swap_with(agency_id: int, seat: Seat | ReceivedSeat) -> list[tuple[int, int, int]]:
    """(seat id, inspector id, entity id) of the seats whose holders could trade places with this one's."""
    others: list[Seat] | list[ReceivedSeat]
    if isinstance(seat, ReceivedSeat):
        others = received_seating.seats_to_swap_with(task_of(agency_id, seat.task_id), seat)
    else:
        others = seating.seats_to_swap_with(draw_of(agency_id, seat.draw_id), seat)
    return [(other.id, other.inspector_id, other.entity_id) for other in others if other.inspector_id]


def days_left(agency_id: int, seat: Seat | ReceivedSeat) -> tuple[date, date]:
    """The days on which the seat's visit can still be made."""
    if isinstance(seat, ReceivedSeat):
        return received_seating.window_left(task_of(agency_id, seat.task_id))
    return seating.window_left(draw_of(agency_id, seat.draw_id))
