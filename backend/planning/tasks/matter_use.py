"""When each matter was last inspected under: what the matter list's pages ask."""

from datetime import date

from flask import Flask
from sqlalchemy import func, select

from backend.planning.tasks.models import Task, TaskMatter
from backend.plumbing.db import db


def last_use_of_matters(agency_id: int) -> dict[int, date]:
    """The last day of the latest dispatched task's window, by matter id."""
    used = (
        select(TaskMatter.matter_id, func.max(Task.window_to))
        .join(Task, Task.id == TaskMatter.task_id)
        .where(Task.agency_id == agency_id, Task.dispatched_at.is_not(None))
        .group_by(TaskMatter.matter_id)
    )
    return {row[0]: row[1] for row in db.session.execute(used)}


def install(app: Flask) -> None:
    """Let templates of earlier stages call `last_use_of_matters(agency_id)`."""
    app.jinja_env.globals["last_use_of_matters"] = last_use_of_matters
