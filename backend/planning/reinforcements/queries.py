"""Reads of what was asked for a shortage, and whether a choice of people is covered by it."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from backend.core.errors import NOT_FOUND, REINFORCEMENT_MISSING, Refusal
from backend.foundation.accounts.queries import departments_of
from backend.foundation.rule_profiles.signatories import signatories
from backend.planning.reinforcements.models import Reinforcement
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import rules_of_task
from backend.plumbing.db import db
from backend.registers.inspectors.models import Inspector


def reinforcement_of(agency_id: int, reinforcement_id: int) -> Reinforcement:
    """One request of this agency. Refuses NOT_FOUND."""
    found = db.session.get(Reinforcement, reinforcement_id)
    if found is None or found.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="这次人员调配")
    return found


def reinforcements_of(task_id: int) -> list[Reinforcement]:
    """Everything asked for one task, oldest first."""
    query = select(Reinforcement).where(Reinforcement.task_id == task_id)
    return list(db.session.scalars(query.order_by(Reinforcement.id)))


def asked_reinforcements(agency_id: int) -> list[tuple[Reinforcement, Task]]:
    """What waits for the unit's leader."""
    query = (
        select(Reinforcement, Task)
        .join(Task, Task.id == Reinforcement.task_id)
        .where(Reinforcement.agency_id == agency_id, Reinforcement.status == "asked")
    )
    return [(one, task) for one, task in db.session.execute(query.order_by(Reinforcement.id))]


def granted(tasks: Sequence[Task], way: str) -> list[Reinforcement]:
    """What was agreed to in this way for any of these tasks."""
    return [
        one
        for task in tasks
        for one in reinforcements_of(task.id)
        if (one.status, one.way) == ("granted", way)
    ]


def supporting_organisations(agency_id: int) -> list[str]:
    """Other agencies whose inspectors stand in the directory, ready to help."""
    query = select(Inspector.organisation).where(
        Inspector.agency_id == agency_id,
        Inspector.is_expert.is_(False),
        Inspector.organisation != "",
        Inspector.status == "active",
    )
    return sorted(set(db.session.scalars(query)))


def may_be_short(tasks: Sequence[Task]) -> bool:
    """Whether too few inspectors may stand in the draw, because the seats are then filled by approved appointment."""
    return bool(granted(tasks, "appoint"))


def refuse_unapproved(
    tasks: Sequence[Task], departments: Collection[int], organisations: Collection[str]
) -> None:
    """Refuse people from outside the tasks' own departments unless it was approved (003 art. 10, 002（十九）).

    What another department does in a joint inspection is its own task; rules that say nothing of departments leave the
    choice open.
    """
    if not tasks:
        return
    rules = rules_of_task(tasks[0].id)
    agreed = {id for one in granted(tasks, "across_departments") for id in one.departments}
    own = {task.department_id for task in tasks}
    names = {d.id: d.name for d in departments_of(tasks[0].agency_id)}
    joint = {name for task in tasks for name in task.joint_with}
    foreign = (
        []
        if None in own or "across_departments" not in rules.words("team.shortage")
        else [names[d] for d in departments if d not in own | agreed and names.get(d, "") not in joint]
    )
    lent = {name for one in granted(tasks, "neighbours") for name in one.organisations} | joint
    missing = [*foreign, *(name for name in organisations if name not in lent)]
    if missing:
        raise Refusal(
            REINFORCEMENT_MISSING,
            rules.ground("team.shortage"),
            names="、".join(missing),
            approver=signatories(rules, "team.shortage_signatories"),
        )
