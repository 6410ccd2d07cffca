"""Reads of tasks."""

from sqlalchemy import select

from backend.core.errors import NOT_FOUND, Refusal
from backend.planning.annual_plan.models import Plan, PlanLine
from backend.planning.annual_plan.queries import matters_by_id, plan_in_force
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
