"""Reads of draws: lists, one draw, the teams it gave, the folder it is published as."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from backend.core.errors import NOT_FOUND, Refusal
from backend.planning.draw.models import Draw, DrawPreparation, DrawTask, Pick
from backend.planning.draw.record import EVENTS_FILE, RECORD_FILE, published
from backend.planning.matching.models import Seat
from backend.planning.tasks.models import Task, TaskMatter
from backend.plumbing.db import db
from backend.plumbing.files import store


@dataclass(frozen=True)
class TeamOf:
    """The team of one drawn entity: (inspector id, position), position 0 the leader's."""

    entity_id: int
    draw_id: int | None
    """None where the list was drawn elsewhere."""
    members: Sequence[tuple[int, int]]


def draws_of(agency_id: int) -> list[Draw]:
    """Every draw of the agency, newest serial first; voids keep their place."""
    query = select(Draw).where(Draw.agency_id == agency_id, Draw.rehearsal.is_(False))
    return list(db.session.scalars(query.order_by(Draw.year.desc(), Draw.number.desc())))


def draws_without_recording(agency_id: int) -> list[Draw]:
    """Locked draws to which neither a photo nor a video is attached."""
    query = select(Draw).where(
        Draw.agency_id == agency_id,
        Draw.status == "locked",
        Draw.rehearsal.is_(False),
        ~Draw.attachments.any(),
    )
    return list(db.session.scalars(query.order_by(Draw.id)))


def draws_to_open(agency_id: int, today: date) -> list[Draw]:
    """Locked or void draws whose last window has closed and whose record nobody has opened yet, the oldest first."""
    query = select(Draw).where(
        Draw.agency_id == agency_id,
        Draw.status.in_(("locked", "void")),
        Draw.rehearsal.is_(False),
        Draw.revealed_at.is_(None),
    )
    waiting = db.session.scalars(query.order_by(Draw.reveal_by, Draw.id))
    return [draw for draw in waiting if date.fromisoformat(draw.commit_doc["window"]["to"]) < today]


def rehearsals_of(agency_id: int, latest: int = 5) -> list[Draw]:
    """The latest rehearsals: they count for nothing and are never published."""
    query = select(Draw).where(Draw.agency_id == agency_id, Draw.rehearsal.is_(True))
    return list(db.session.scalars(query.order_by(Draw.id.desc()).limit(latest)))


def preparation_of(agency_id: int, preparation_id: int) -> DrawPreparation:
    """One preparation of this agency. Refuses NOT_FOUND."""
    preparation = db.session.get(DrawPreparation, preparation_id)
    if preparation is None or preparation.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="这次摇号的准备")
    return preparation


def open_preparations(agency_id: int) -> list[DrawPreparation]:
    """Preparations that have led to no draw yet and were not given up."""
    query = select(DrawPreparation).where(
        DrawPreparation.agency_id == agency_id,
        DrawPreparation.status.in_(("waiting", "freezing", "refused")),
    )
    return list(db.session.scalars(query.order_by(DrawPreparation.id.desc())))


def draw_prepared_as(preparation_id: int) -> Draw | None:
    """The draw that a preparation led to."""
    return db.session.scalar(select(Draw).where(Draw.preparation_id == preparation_id))


def draw_of(agency_id: int, draw_id: int) -> Draw:
    """One draw of this agency. Refuses NOT_FOUND."""
    draw = db.session.get(Draw, draw_id)
    if draw is None or draw.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="这次摇号")
    return draw


def draw_of_task(task_id: int) -> Draw | None:
    """The latest draw of a task, void ones included."""
    return db.session.scalar(
        select(Draw)
        .join(DrawTask, DrawTask.draw_id == Draw.id)
        .where(DrawTask.task_id == task_id)
        .order_by(Draw.id.desc())
        .limit(1)
    )


def voids_behind(task: Task) -> list[Draw]:
    """The void draws that a draw of this task follows: its own, and those of any task that checks one of its matters in
    overlapping days, for to make the task anew is to draw it anew. The last one of each task, by serial."""
    matters = [held.matter_id for held in task.matters]
    alike = select(Task.id).join(TaskMatter, TaskMatter.task_id == Task.id)
    alike = alike.where(
        Task.agency_id == task.agency_id,
        TaskMatter.matter_id.in_(matters),
        Task.window_from <= task.window_to,
        Task.window_to >= task.window_from,
        Task.status == "drafted",
    )
    found = {
        draw.id: draw for number in db.session.scalars(alike.distinct()) if (draw := draw_of_task(number))
    }
    return [found[number] for number in sorted(found)]


def tasks_waiting_for_a_draw(agency_id: int) -> list[Task]:
    """Tasks that no draw has been committed for."""
    query = select(Task).where(Task.agency_id == agency_id, Task.status == "drafted")
    return list(db.session.scalars(query.order_by(Task.window_from, Task.id)))


def draw_before(draw: Draw) -> Draw | None:
    """The agency's draw with the serial before this one; none for a rehearsal."""
    if draw.rehearsal:
        return None
    return db.session.scalar(
        select(Draw)
        .where(
            Draw.agency_id == draw.agency_id,
            Draw.rehearsal.is_(False),
            (Draw.year < draw.year) | ((Draw.year == draw.year) & (Draw.number < draw.number)),
        )
        .order_by(Draw.year.desc(), Draw.number.desc())
        .limit(1)
    )


def teams_of(task_id: int) -> list[TeamOf]:
    """Who goes where for a task: one team for each entity that stayed picked in its locked draw."""
    picks = db.session.execute(
        select(Pick.entity_id, Pick.draw_id)
        .join(Draw, Draw.id == Pick.draw_id)
        .where(Pick.task_id == task_id, Pick.status == "picked", Draw.status == "locked")
        .order_by(Pick.id)
    )
    return [
        TeamOf(entity_id, draw_id, seated(draw_id, entity_id)) for entity_id, draw_id in dict.fromkeys(picks)
    ]


def drawn_order(task_id: int) -> dict[int, int]:
    """The place (from 1) of each entity that stayed picked, by its ticket: the order in which batches are cut."""
    picks = db.session.execute(
        select(Pick.entity_id)
        .join(Draw, Draw.id == Pick.draw_id)
        .where(Pick.task_id == task_id, Pick.status == "picked", Draw.status == "locked")
        .order_by(Pick.ticket, Pick.code)
    )
    entities = dict.fromkeys(row.entity_id for row in picks)
    return {entity_id: place for place, entity_id in enumerate(entities, start=1)}


def seated(draw_id: int, entity_id: int) -> list[tuple[int, int]]:
    """(inspector id, position) of one entity's team as it stands now."""
    seats = db.session.scalars(
        select(Seat)
        .where(Seat.draw_id == draw_id, Seat.entity_id == entity_id, Seat.status == "seated")
        .order_by(Seat.position)
    )
    return [(seat.inspector_id, seat.position) for seat in seats if seat.inspector_id is not None]


def published_folder(draw: Draw) -> dict[str, bytes]:
    """The draw as an outsider gets it: record.json, the committed files, events.jsonl; by name."""
    assert draw.record is not None, "a draw is published when it is locked or void"
    names = [*draw.record["files"].values()][:4] + draw.record["files"]["exclusions"]
    files = {name: store().read(f"{draw.folder}/{name}") for name in names}
    events = "".join(f"{event.line}\n" for event in draw.events).encode()
    return {RECORD_FILE: published(draw.record), **files, EVENTS_FILE: events}


def tasks_of_draw(draw: Draw) -> list[Task]:
    """The tasks of a draw's campaign, in the order of its commit document."""
    query = select(Task).join(DrawTask, DrawTask.task_id == Task.id).where(DrawTask.draw_id == draw.id)
    order = [task["id"] for task in draw.commit_doc["tasks"]]
    return sorted(db.session.scalars(query), key=lambda task: order.index(task.serial))
