"""How far a year's plan has come: for each line, how many entities are drawn, inspected and made public."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select, true

from backend.decisions.results.models import Result
from backend.decisions.results.queries import visits_published_late
from backend.fieldwork.visits.models import MergedTask, Visit
from backend.foundation.rule_profiles.queries import profile_for
from backend.planning.annual_plan.models import Plan, PlanLine
from backend.planning.annual_plan.queries import matters_by_id, plan_in_force
from backend.planning.annual_plan.sharing import own_number
from backend.planning.draw.models import Draw, Pick
from backend.planning.received.models import ReceivedEntity
from backend.planning.tasks.models import Task
from backend.plumbing.db import db
from backend.registers.matters.models import Matter

FINISHED = ("submitted", "approved", "closed")
LinesAndEntities = Select[int | None, int]


@dataclass(frozen=True)
class LineProgress:
    """One line of the plan; the counts are of entities, each holding the next (drawn ⊇ inspected ⊇ published).

    `late`: published after the deadline, or not yet though it is over, where the rules hold that to be not done (002（三十三）);
    these are not among `published`.
    """

    line: PlanLine
    matter: Matter
    drawn: int
    inspected: int
    published: int
    late: int

    @property
    def planned(self) -> int:
        """What this level draws of the estimated number; the rest is the level above's."""
        return own_number(self.line.estimated, self.line.upper_share_percent)

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
    """Every line of a plan; what earlier revisions of the same year began counts for the matter's line.

    An entity counts once for a line, however many tasks of it drew it; a visit that carries several tasks counts for each
    line that it serves.
    """
    matters = matters_by_id(plan.agency_id)
    drawn, inspected = _by_matter(plan, *_drawn()), _by_matter(plan, *_inspected())
    late = _late_visits(plan)
    in_time = _by_matter(plan, *_published(late))
    too_late = (
        _by_matter(plan, *_carried_out(Visit.id.in_(late))) if late else defaultdict[int, set[int]](set)
    )
    return [
        LineProgress(
            line,
            matters[line.matter_id],
            len(drawn[line.matter_id]),
            len(inspected[line.matter_id]),
            len(in_time[line.matter_id]),
            len(too_late[line.matter_id] - in_time[line.matter_id]),
        )
        for line in plan.lines
    ]


def _late_visits(plan: Plan) -> set[str]:
    """The visits that count as not done, by the rules that the agency follows."""
    if not profile_for(plan.agency_id).flag("assessment.late_is_not_done"):
        return set()
    of_year = select(Task.id).join(PlanLine, PlanLine.id == Task.plan_line_id).join(Plan)
    tasks = db.session.scalars(of_year.where(Plan.agency_id == plan.agency_id, Plan.year == plan.year))
    return visits_published_late(plan.agency_id, set(tasks))


def _drawn() -> tuple[LinesAndEntities, ...]:
    locked = select(Task.plan_line_id, Pick.entity_id).join(Pick, Pick.task_id == Task.id)
    received = select(Task.plan_line_id, ReceivedEntity.entity_id).join(
        ReceivedEntity, ReceivedEntity.task_id == Task.id
    )
    of_draw = locked.join(Draw, Draw.id == Pick.draw_id)
    return of_draw.where(Pick.status == "picked", Draw.status.in_(("drawn", "locked"))), received


def _inspected() -> tuple[LinesAndEntities, ...]:
    return _carried_out(Visit.status.in_(FINISHED))


def _published(late: Collection[str]) -> tuple[LinesAndEntities, ...]:
    public = select(Result.visit_id).where(Result.published_at.is_not(None))
    in_time = Visit.id.not_in(late) if late else true()
    return _carried_out(Visit.id.in_(public) & in_time)


def _carried_out(which: ColumnElement[bool]) -> tuple[LinesAndEntities, ...]:
    """By visits of the tasks themselves, and by those of other tasks that carry them out."""
    own = select(Task.plan_line_id, Visit.entity_id).join(Visit, Visit.task_id == Task.id)
    query = select(Task.plan_line_id, Visit.entity_id).join(MergedTask, MergedTask.task_id == Task.id)
    return own.where(which), query.join(Visit, Visit.id == MergedTask.visit_id).where(which)


def _by_matter(plan: Plan, *queries: LinesAndEntities) -> defaultdict[int, set[int]]:
    lines = select(PlanLine.id, PlanLine.matter_id).join(Plan)
    of_year = lines.where(Plan.agency_id == plan.agency_id, Plan.year == plan.year)
    matters = {line.id: line.matter_id for line in db.session.execute(of_year)}
    entities: defaultdict[int, set[int]] = defaultdict(set)
    for query in queries:
        for line_id, entity_id in db.session.execute(
            query.where(Task.agency_id == plan.agency_id).distinct()
        ):
            if line_id in matters:
                entities[matters[line_id]].add(entity_id)
    return entities
