"""Reads of the yearly plans, and of what today's directory would give them."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import func, select

from backend.core.errors import NOT_FOUND, Refusal
from backend.planning.annual_plan.models import Plan, PlanLine
from backend.planning.annual_plan.rules import UNGRADED, missing_matters
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.entities.rules import DRAWABLE_STATUS
from backend.registers.matters.models import Matter
from backend.registers.matters.queries import published_matters


def plans_of(agency_id: int) -> list[Plan]:
    """Every revision of every year, newest first."""
    query = select(Plan).where(Plan.agency_id == agency_id)
    return list(db.session.scalars(query.order_by(Plan.year.desc(), Plan.revision.desc())))


def plan_of(agency_id: int, plan_id: int) -> Plan:
    """One plan of this agency. Refuses NOT_FOUND."""
    plan = db.session.get(Plan, plan_id)
    if plan is None or plan.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="这份计划")
    return plan


def plan_in_force(agency_id: int, year: int) -> Plan | None:
    """The newest published revision of a year."""
    return db.session.scalar(
        select(Plan)
        .where(Plan.agency_id == agency_id, Plan.year == year, Plan.status == "published")
        .order_by(Plan.revision.desc())
        .limit(1)
    )


def line_of(agency_id: int, line_id: int) -> PlanLine:
    """One line of this agency's plans. Refuses NOT_FOUND."""
    line = db.session.get(PlanLine, line_id)
    if line is None or line.plan.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="计划里的这一项")
    return line


def matters_by_id(agency_id: int) -> dict[int, Matter]:
    """The agency's matters, withdrawn ones included, for plans that still name them."""
    found = db.session.scalars(select(Matter).where(Matter.agency_id == agency_id))
    return {matter.id: matter for matter in found}


def matters_left_out(plan: Plan) -> list[str]:
    """Names of the published list's matters that the plan does not hold."""
    listed = [(matter.id, matter.name) for matter in published_matters(plan.agency_id)]
    return missing_matters(listed, (line.matter_id for line in plan.lines))


def populations_for(agency_id: int, matter: Matter) -> Mapping[str, int]:
    """How many active entities the matter applies to, by risk grade."""
    query = (
        select(Entity.risk_grade, func.count())
        .where(Entity.agency_id == agency_id, Entity.status == DRAWABLE_STATUS)
        .group_by(Entity.risk_grade)
    )
    if matter.entity_kind:
        query = query.where(Entity.kind == matter.entity_kind)
    return Counter({grade or UNGRADED: count for grade, count in db.session.execute(query)})
