"""How far a year's plan has come: for each line, how many entities are drawn, inspected and made public."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from backend.decisions.results.models import Result
from backend.fieldwork.visits.models import Visit
from backend.planning.annual_plan.models import Plan, PlanLine
from backend.planning.annual_plan.queries import matters_by_id, plan_in_force
from backend.planning.draw.models import Draw, Pick
from backend.planning.tasks.models import Task
from backend.plumbing.db import db
from backend.registers.matters.models import Matter

FINISHED = ("submitted", "approved", "closed")


@dataclass(frozen=True)
class LineProgress:
    """One line of the plan; the counts are of entities, each holding the next (drawn ⊇ inspected ⊇ published)."""

    line: PlanLine
    matter: Matter
    drawn: int
    inspected: int
    published: int

    @property
    def months(self) -> str:
        first, last = self.line.month_from, self.line.month_to
        if (first, last) == (1, 12):
            return "全年"
        return f"{first}月" if first == last else f"{first}—{last}月"


def plan_progress(agency_id: int, year: int) -> list[LineProgress]:
    """The lines of the plan in force, in the plan's order; empty where no plan is published."""
    plan = plan_in_force(agency_id, year)
    return progress_of(plan) if plan else []


def progress_of(plan: Plan) -> list[LineProgress]:
    """Every line of a plan; what earlier revisions of the same year began counts for the matter's line."""
    agency_id = plan.agency_id
    matters = matters_by_id(agency_id)
    counted = [_by_matter(plan, query) for query in (_drawn(), _inspected(), _published())]
    return [
        LineProgress(line, matters[line.matter_id], *(count[line.matter_id] for count in counted))
        for line in plan.lines
    ]


def _drawn() -> Select[int | None, int]:
    picked = func.count(Pick.entity_id.distinct())
    return (
        select(Task.plan_line_id, picked)
        .join(Pick, Pick.task_id == Task.id)
        .join(Draw, Draw.id == Pick.draw_id)
        .where(Pick.status == "picked", Draw.status.in_(("drawn", "locked")))
    )


def _inspected() -> Select[int | None, int]:
    visited = func.count(Visit.id)
    return (
        select(Task.plan_line_id, visited)
        .join(Visit, Visit.task_id == Task.id)
        .where(Visit.status.in_(FINISHED))
    )


def _published() -> Select[int | None, int]:
    public = func.count(Result.visit_id.distinct())
    return (
        select(Task.plan_line_id, public)
        .join(Result, Result.task_id == Task.id)
        .where(Result.published_at.is_not(None))
    )


def _by_matter(plan: Plan, query: Select[int | None, int]) -> Counter[int]:
    lines = select(PlanLine.id, PlanLine.matter_id).join(Plan)
    of_year = lines.where(Plan.agency_id == plan.agency_id, Plan.year == plan.year)
    matters = {line.id: line.matter_id for line in db.session.execute(of_year)}
    counted: Counter[int] = Counter()
    for line_id, count in db.session.execute(query.group_by(Task.plan_line_id)):
        if line_id in matters:
            counted[matters[line_id]] += count
    return counted
