"""Reads of adjustments: what waits for a decision, what was decided, and the rates of officers and departments."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.accounts.queries import departments_of
from backend.planning.adjustments.models import Adjustment
from backend.planning.adjustments.places import Place
from backend.planning.adjustments.rules import Rate, rates
from backend.planning.draw.models import Draw, DrawTask, Pick
from backend.planning.matching.models import Seat
from backend.planning.received.models import ReceivedEntity, ReceivedList, ReceivedSeat
from backend.planning.tasks.models import Task
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector

WITHOUT_DEPARTMENT = "未分科室"


@dataclass(frozen=True)
class ToldAdjustment:
    """One adjustment with the names it needs on a page."""

    adjustment: Adjustment
    entity: Entity
    inspector: Inspector | None
    serial: str
    """Of the draw, or of the task where the list was drawn elsewhere."""
    task_title: str


def adjustment_of(agency_id: int, adjustment_id: int) -> Adjustment:
    """One adjustment of this agency. Refuses NOT_FOUND."""
    found = db.session.get(Adjustment, adjustment_id)
    if found is None or found.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="这条调整")
    return found


def open_request(place: Place, kind: str) -> Adjustment | None:
    """What was asked for this entity, or for this seat of its team, and is not decided yet."""
    query = select(Adjustment).where(
        Adjustment.task_id == place.task_id,
        Adjustment.entity_id == place.entity_id,
        Adjustment.seat_id == place.seat_id,
        Adjustment.received_seat_id == place.received_seat_id,
        Adjustment.kind == kind,
        Adjustment.status == "asked",
    )
    return db.session.scalar(query.limit(1))


def told_adjustments(
    agency_id: int, statuses: Sequence[str], task_id: int | None = None, entity_id: int | None = None
) -> list[ToldAdjustment]:
    """Adjustments in these states, newest first; of one entity of a task where given."""
    query = (
        select(Adjustment, Entity, Inspector, func.coalesce(Draw.serial, Task.serial), Task.title)
        .join(Entity, Entity.id == Adjustment.entity_id)
        .outerjoin(Draw, Draw.id == Adjustment.draw_id)
        .join(Task, Task.id == Adjustment.task_id)
        .outerjoin(Inspector, Inspector.id == Adjustment.inspector_id)
        .where(Adjustment.agency_id == agency_id, Adjustment.status.in_(statuses))
        .order_by(Adjustment.id.desc())
    )
    if task_id is not None:
        query = query.where(Adjustment.task_id == task_id, Adjustment.entity_id == entity_id)
    return [ToldAdjustment(*row) for row in db.session.execute(query)]


def rates_by_officer(agency_id: int) -> list[Rate]:
    """How often someone's requests changed what was drawn, against all that the draws and lists gave which they held or asked
    about: whoever asks about a colleague's draw is measured by that draw."""
    gave, concerned = _given_by_task(agency_id), dict[str, set[int]]()
    held = select(Draw.committed_by_name, DrawTask.task_id).join(DrawTask, DrawTask.draw_id == Draw.id)
    held = held.where(Draw.agency_id == agency_id, Draw.status == "locked")
    brought = select(ReceivedList.imported_by_name, ReceivedList.task_id)
    brought = brought.where(ReceivedList.agency_id == agency_id)
    asked = select(Adjustment.asked_by_name, Adjustment.task_id).where(Adjustment.agency_id == agency_id)
    for who, task_id in (*db.session.execute(held), *db.session.execute(brought), *db.session.execute(asked)):
        concerned.setdefault(who, set()).add(task_id)
    drawn = Counter({who: sum(gave[task_id] for task_id in tasks) for who, tasks in concerned.items()})
    counted = select(Adjustment.asked_by_name, Adjustment.status).where(Adjustment.agency_id == agency_id)
    return rates([(who, status) for who, status in db.session.execute(counted)], drawn)


def rates_by_department(agency_id: int) -> list[Rate]:
    """The same by the department of the task."""
    names = {department.id: department.name for department in departments_of(agency_id)}
    gave, drawn = _given_by_task(agency_id), Counter[str]()
    departments = select(Task.id, Task.department_id).where(Task.id.in_(gave))
    for task_id, department_id in db.session.execute(departments):
        drawn[names.get(department_id or 0, WITHOUT_DEPARTMENT)] += gave[task_id]
    counted = (
        select(Task.department_id, Adjustment.status)
        .join(Task, Task.id == Adjustment.task_id)
        .where(Adjustment.agency_id == agency_id)
    )
    found = [
        (names.get(department_id or 0, WITHOUT_DEPARTMENT), status)
        for department_id, status in db.session.execute(counted)
    ]
    return rates(found, drawn)


def _given_by_task(agency_id: int) -> Counter[int]:
    """Entities and seats that locked draws and received lists gave each task; who entered since is counted too."""
    of_task = select(Pick.task_id, func.count()).join(Draw, Draw.id == Pick.draw_id)
    of_task = of_task.where(Draw.agency_id == agency_id, Draw.status == "locked").group_by(Pick.task_id)
    gave = Counter[int]()
    for counted in (of_task, of_task.join(Seat, Seat.pick_id == Pick.id)):
        gave.update(dict(db.session.execute(counted).all()))
    for listed in (ReceivedEntity, ReceivedSeat):
        brought = select(listed.task_id, func.count()).join(
            ReceivedList, ReceivedList.task_id == listed.task_id
        )
        brought = brought.where(ReceivedList.agency_id == agency_id).group_by(listed.task_id)
        gave.update(dict(db.session.execute(brought).all()))
    return gave
