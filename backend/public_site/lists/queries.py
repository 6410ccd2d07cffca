"""Reads of the published matter lists and plans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.accounts.models import Agency
from backend.foundation.accounts.queries import agency_by_code
from backend.planning.annual_plan.models import Plan
from backend.plumbing.db import db
from backend.registers.matters.models import Matter, MatterList
from backend.registers.matters.queries import matters_of, versions_of


@dataclass(frozen=True)
class PublishedList:
    """One published version of an agency's matter list, with every published version, newest first."""

    agency: Agency
    held: MatterList
    versions: Sequence[MatterList]
    suspended: frozenset[int]
    """Ids of the matters under which nothing is inspected for now."""

    @property
    def earlier(self) -> MatterList | None:
        """The published version that this one replaced."""
        return next((each for each in self.versions if each.version < self.held.version), None)


@dataclass(frozen=True)
class PublishedPlan:
    """One agency's plan of a year, its newest published revision, with the names of its matters by id."""

    agency: Agency
    plan: Plan
    matters: Mapping[int, Matter]


def lists_in_force() -> list[PublishedList]:
    """The newest published matter list of each agency."""
    return [
        PublishedList(agency, versions[0], versions, _suspended(agency.id))
        for agency in _agencies()
        if (versions := _published_versions(agency.id))
    ]


def published_list(code: str, number: int) -> PublishedList:
    """One published version of the agency with this code; refused when there is none."""
    agency = agency_by_code(code)
    versions = _published_versions(agency.id)
    held = next((each for each in versions if each.version == number), None)
    if held is None:
        raise Refusal(NOT_FOUND, what=f"{agency.name}抽查事项清单第 {number} 版")
    return PublishedList(agency, held, versions, frozenset())


def _published_versions(agency_id: int) -> list[MatterList]:
    return [held for held in versions_of(agency_id) if held.published_at is not None]


def _suspended(agency_id: int) -> frozenset[int]:
    return frozenset(held.id for held in matters_of(agency_id) if held.status == "suspended")


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
