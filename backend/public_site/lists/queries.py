"""Reads of the published matter lists and plans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backend.foundation.accounts.models import Agency
from backend.planning.annual_plan.models import Plan
from backend.plumbing.db import db
from backend.registers.matters.models import Matter, MatterList


@dataclass(frozen=True)
class PublishedList:
    """The matter list of one agency that is in force."""

    agency: Agency
    held: MatterList


@dataclass(frozen=True)
class PublishedPlan:
    """One agency's plan of a year, its newest published revision, with the names of its matters by id."""

    agency: Agency
    plan: Plan
    matters: Mapping[int, Matter]


def lists_in_force() -> list[PublishedList]:
    """The newest published matter list of each agency."""
    query = select(MatterList).where(MatterList.published_at.is_not(None)).order_by(MatterList.version)
    newest = {held.agency_id: held for held in db.session.scalars(query)}
    return [PublishedList(agency, newest[agency.id]) for agency in _agencies() if agency.id in newest]


def planned_years() -> list[int]:
    """The years for which a plan is published, newest first."""
    query = select(Plan.year).where(Plan.status == "published").distinct().order_by(Plan.year.desc())
    return list(db.session.scalars(query))


def plans_of_year(year: int) -> list[PublishedPlan]:
    """The newest published revision of each agency's plan."""
    query = select(Plan).where(Plan.year == year, Plan.status == "published").order_by(Plan.revision)
    newest = {plan.agency_id: plan for plan in db.session.scalars(query)}
    return [
        PublishedPlan(agency, newest[agency.id], _matters(newest[agency.id]))
        for agency in _agencies()
        if agency.id in newest
    ]


def _matters(plan: Plan) -> Mapping[int, Matter]:
    ids = [line.matter_id for line in plan.lines]
    return {matter.id: matter for matter in db.session.scalars(select(Matter).where(Matter.id.in_(ids)))}


def _agencies() -> Sequence[Agency]:
    return db.session.scalars(select(Agency).order_by(Agency.id)).all()
