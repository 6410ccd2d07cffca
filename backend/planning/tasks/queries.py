"""Reads of tasks."""

from collections.abc import Iterable

from sqlalchemy import select

from backend.core.errors import (
    INSPECTION_NOT_APPROVED,
    INSPECTION_RETURNED,
    NOT_FOUND,
    REMOTE_NOT_ASKED,
    WORK_PLAN_MISSING,
    Refusal,
)
from backend.foundation.rule_profiles.models import RulesVersion
from backend.foundation.rule_profiles.queries import profile_at
from backend.foundation.rule_profiles.rules import RuleProfile
from backend.planning.annual_plan.models import Plan, PlanLine
from backend.planning.annual_plan.queries import matters_by_id, plan_in_force
from backend.planning.scopes.rules import EntityClass, stored_classes
from backend.planning.tasks.models import Task
from backend.plumbing.clock import today
from backend.plumbing.db import db
from backend.registers.matters.models import Matter


def tasks_of(agency_id: int) -> list[Task]:
    """Every task of the agency, newest first."""
    query = select(Task).where(Task.agency_id == agency_id).order_by(Task.id.desc())
    return list(db.session.scalars(query))


def task_of(agency_id: int, task_id: int) -> Task:
    """One task of this agency. Refuses NOT_FOUND."""
    task = db.session.get(Task, task_id)
    if task is None or task.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="这个任务")
    return task


def rules_of_task(task_id: int) -> RuleProfile:
    """The rules the task was made under, whatever the agency follows by now."""
    return pinned_rules(db.session.get_one(Task, task_id))


def pinned_rules(task: Task) -> RuleProfile:
    """The rules a task, stored or not, was made under; the present ones where it is older than the versions."""
    return profile_at(task.rules_version_id, task.agency_id)


def pinned_version_of(task: Task) -> RulesVersion | None:
    """The version of the rules the task was made under; None for a task older than the versions."""
    return db.session.get(RulesVersion, task.rules_version_id) if task.rules_version_id else None


def rules_of_tasks(task_ids: Iterable[int]) -> dict[int, RuleProfile]:
    """The rules of each task by id, every version read once."""
    found = list(db.session.scalars(select(Task).where(Task.id.in_(list(task_ids)))))
    versions = {(task.rules_version_id, task.agency_id) for task in found}
    rules = {version: profile_at(*version) for version in versions}
    return {task.id: rules[task.rules_version_id, task.agency_id] for task in found}


def matters_of_task(task: Task) -> list[Matter]:
    """The matters a task checks, in order."""
    known = matters_by_id(task.agency_id)
    return [known[held.matter_id] for held in task.matters]


def lines_to_make_tasks_from(agency_id: int) -> list[tuple[PlanLine, Matter]]:
    """The lines of this year's plan in force, each with its matter."""
    plan = plan_in_force(agency_id, today().year)
    matters = matters_by_id(agency_id)
    return [(line, matters[line.matter_id]) for line in plan.lines] if plan else []


def plan_behind(task: Task) -> Plan | None:
    """The plan whose line the task was made from."""
    line = db.session.get(PlanLine, task.plan_line_id) if task.plan_line_id else None
    return line.plan if line else None


def classes_of_task(task: Task) -> list[EntityClass]:
    """The task's own class (without a name) and its further ones, in the order in which they are drawn.

    A task divided among regions has only these.
    """
    own = [EntityClass("", task.scope, task.ratios)] if task.ratios or not task.classes else []
    return [*own, *stored_classes(task.classes)]


def gaps_before_dispatch(task: Task) -> list[Refusal]:
    """What is missing before the teams may go out, each with its article where there is one."""
    profile = rules_of_task(task.id)
    gaps = []
    if not task.remote_answer and profile.flag("inspection.remote_first"):
        gaps.append(Refusal(REMOTE_NOT_ASKED, profile.ground("inspection.remote_first")))
    if not task.work_plan and profile.flag("team.work_plan_required"):
        gaps.append(Refusal(WORK_PLAN_MISSING, profile.ground("team.work_plan_required")))
    if task.returned_at is not None:
        gaps.append(returned(task))
    elif not task.approved_at and profile.flag("inspection.approved_before"):
        gaps.append(Refusal(INSPECTION_NOT_APPROVED, profile.ground("inspection.approved_before")))
    return gaps


def returned(task: Task) -> Refusal:
    """The leader gave the task back: who and why, as what is missing."""
    cited = rules_of_task(task.id).ground("inspection.approved_before")
    facts = {"name": task.returned_by_name, "reason": task.returned_reason}
    return Refusal(INSPECTION_RETURNED, cited, **facts)


def tasks_to_approve(agency_id: int) -> list[Task]:
    """Tasks whose inspection the leader of the unit has still to approve: ready to go out, or gone out in a hurry.

    What the leader gave back waits for its officer first.
    """
    query = select(Task).where(
        Task.agency_id == agency_id,
        Task.approved_at.is_(None),
        Task.returned_at.is_(None),
        (Task.status == "matched") | ((Task.status == "dispatched") & (Task.urgent_reason != "")),
    )
    return list(db.session.scalars(query.order_by(Task.window_from, Task.id)))
