"""What a task is asked to be, and whether just that was made already: a double click or the back button makes no second one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from backend.planning.scopes.rules import EntityClass, tidy_scope
from backend.planning.tasks.models import Task
from backend.plumbing.db import db


@dataclass(frozen=True)
class TaskEntry:
    """What a new task is asked to be. Days are calendar days, both ends of the window included."""

    title: str
    window_from: date
    window_to: date
    seats: int = 2
    scope: Mapping[str, str] = field(default_factory=dict)
    natures: Sequence[str] = ()
    classes: Sequence[EntityClass] = ()
    inspection_kind: str = "routine"
    batches: int = 1
    joint_role: str = ""
    joint_with: Sequence[str] = ()
    demands: str = ""


@dataclass(frozen=True)
class OutsidePlan:
    """What a task of no plan says for itself; that of a plan has it from its line."""

    ratios: Mapping[str, Sequence[int]]
    reason: str


def made_before(
    agency_id: int,
    entry: TaskEntry,
    matter_ids: Collection[int],
    plan_line_id: int | None = None,
    outside_plan: OutsidePlan | None = None,
) -> Task | None:
    """The task that was made of the same entry and still waits for its draw. The caller holds the agency's turn."""
    query = select(Task).where(
        Task.agency_id == agency_id,
        Task.status == "drafted",
        Task.plan_line_id == plan_line_id,
        Task.title == entry.title.strip(),
        Task.window_from == entry.window_from,
        Task.window_to == entry.window_to,
    )
    waiting = db.session.scalars(query.order_by(Task.id))
    return next(
        (
            task
            for task in waiting
            if _is_asked_alike(task, entry, matter_ids) and _says_alike(task, entry, outside_plan)
        ),
        None,
    )


def _is_asked_alike(task: Task, entry: TaskEntry, matter_ids: Collection[int]) -> bool:
    return (
        {held.matter_id for held in task.matters} == {*matter_ids}
        and task.seats == entry.seats
        and task.scope == tidy_scope(entry.scope)
        and {*task.natures} == {*entry.natures}
        and task.inspection_kind == entry.inspection_kind
        and task.batches == entry.batches
        and task.joint_role == entry.joint_role
        and task.joint_with == [*entry.joint_with]
        and task.demands == entry.demands.strip()
    )


def _says_alike(task: Task, entry: TaskEntry, told: OutsidePlan | None) -> bool:
    return told is None or (
        task.ratios == {grade: list(ratio) for grade, ratio in told.ratios.items()}
        and task.classes == [one.stored for one in entry.classes]
        and task.ad_hoc_reason == told.reason.strip()
    )
