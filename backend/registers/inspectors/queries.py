"""Reads of the inspector directory: who there is, who may be drawn, and why others may not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.accounts.queries import departments_of, people_of
from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.queries import profile_for
from backend.foundation.rule_profiles.rules import RuleProfile
from backend.plumbing.db import db
from backend.registers.columns.rules import Column, Fault, GoodRow, Record, RowCheck, Standing
from backend.registers.inspectors.columns import KEY_FIELD, columns
from backend.registers.inspectors.models import Inspector, InspectorLeave
from backend.registers.inspectors.rules import (
    CERTIFICATE_RULE,
    ESTABLISHMENT_RULE,
    Bar,
    Person,
    absences,
    bar_to_drawing,
)

FIELDS = tuple(column.field for column in columns({}, {}))


@dataclass(frozen=True)
class Filters:
    """Which part of the directory is looked at; empty words leave all."""

    experts: bool = False
    department_id: int | None = None
    region: str = ""
    speciality: str = ""


def inspector_columns(agency_id: int) -> tuple[Column, ...]:
    """The spreadsheet's columns for this agency."""
    departments = {department.name: department.id for department in departments_of(agency_id)}
    return columns(departments, {person.login: person.id for person in people_of(agency_id)})


def inspectors_of(agency_id: int, department_id: int | None = None) -> list[Inspector]:
    """Everyone in the directory, inspectors before experts, by department and name."""
    query = select(Inspector).where(Inspector.agency_id == agency_id)
    if department_id is not None:
        query = query.where(Inspector.department_id == department_id)
    return list(
        db.session.scalars(query.order_by(Inspector.is_expert, Inspector.department_id, Inspector.id))
    )


def people_in(agency_id: int, filters: Filters) -> list[Inspector]:
    """The inspectors, or the experts, whom the filters leave."""
    return [
        person
        for person in inspectors_of(agency_id, filters.department_id)
        if person.is_expert == filters.experts
        and (not filters.region or filters.region in person.regions)
        and (not filters.speciality or filters.speciality in person.specialities)
    ]


def bars(
    agency_id: int, first: date, last: date, rules: RuleProfile | None = None
) -> list[tuple[Inspector, Bar | None]]:
    """Everyone in the directory with what keeps them from inspecting between these days.

    `rules` are those of the task at hand; without one, those the agency follows now.
    """
    profile = rules or profile_for(agency_id)
    required, establishments = profile.flag(CERTIFICATE_RULE), profile.words(ESTABLISHMENT_RULE)
    leaves: dict[int, list[tuple[date, date]]] = {}
    for leave in leaves_of(agency_id):
        leaves.setdefault(leave.inspector_id, []).append((leave.first, leave.last))
    return [
        (each, bar_to_drawing(_person(each, leaves.get(each.id, [])), first, last, required, establishments))
        for each in inspectors_of(agency_id)
    ]


def drawable_inspectors(
    agency_id: int, on: date, since: date | None = None, rules: RuleProfile | None = None
) -> list[Inspector]:
    """Those who may be drawn for the days from `since` to `on`, or for the one day."""
    return [person for person, bar in bars(agency_id, since or on, on, rules) if bar is None]


def unavailable_inspectors(
    agency_id: int, first: date, last: date, rules: RuleProfile | None = None
) -> list[tuple[Inspector, Bar]]:
    """Inspectors in post who may not be drawn between these days, each with the reason; experts are no inspectors."""
    found = bars(agency_id, first, last, rules)
    return [(p, bar) for p, bar in found if bar and not p.is_expert and p.status == "active"]


def without_login(agency_id: int) -> list[Inspector]:
    """Inspectors in post who have no login: whoever of them is drawn cannot be sent out."""
    everyone = inspectors_of(agency_id)
    return [p for p in everyone if p.user_id is None and p.status == "active" and not p.is_expert]


def absences_between(agency_id: int, first: date, last: date) -> dict[int, list[tuple[date, date]]]:
    """When people are away between two days, by inspector id; who is there all the time is not named."""
    leaves: dict[int, list[tuple[date, date]]] = {}
    for leave in leaves_of(agency_id):
        leaves.setdefault(leave.inspector_id, []).append((leave.first, leave.last))
    found = {inspector_id: absences(taken, first, last) for inspector_id, taken in leaves.items()}
    return {inspector_id: stretches for inspector_id, stretches in found.items() if stretches}


def leaves_of(agency_id: int, inspector_id: int | None = None) -> list[InspectorLeave]:
    """The leaves that stand, newest first; of one person where given."""
    query = select(InspectorLeave).where(
        InspectorLeave.agency_id == agency_id, InspectorLeave.cancelled_at.is_(None)
    )
    if inspector_id is not None:
        query = query.where(InspectorLeave.inspector_id == inspector_id)
    return list(db.session.scalars(query.order_by(InspectorLeave.first.desc())))


def inspector(agency_id: int, inspector_id: int) -> Inspector:
    """One inspector of the agency; refused when not there or not theirs."""
    found = db.session.get(Inspector, inspector_id)
    if found is None or found.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="检查人员")
    return found


def inspector_of_user(user_id: int) -> Inspector | None:
    """The directory entry of a person with a login, if they are in it."""
    return db.session.scalar(select(Inspector).where(Inspector.user_id == user_id))


def standing_inspectors(agency_id: int) -> Mapping[str, Standing]:
    """The directory by certificate number, for comparison with a file."""
    return {each.certificate_no: Standing(each.id, record_of(each)) for each in inspectors_of(agency_id)}


def record_of(person: Inspector) -> Record:
    """A person as the columns' values."""
    return {name: getattr(person, name) for name in FIELDS}


def accounts_are_free(actor: Actor, standing: Mapping[str, Standing]) -> RowCheck:
    """A login belongs to one person of the directory, in the file as in the register."""
    held_by = {s.values["user_id"]: key for key, s in standing.items() if s.values["user_id"] is not None}

    def check(row: GoodRow) -> list[Fault]:
        account, key = row.values.get("user_id"), row.values[KEY_FIELD]
        if account is None or held_by.setdefault(account, key) == key:
            return []
        sentence = f"这个账号已是{held_by[account]}的登录账号，一个账号只对应一人"
        return [Fault(row.addresses["user_id"], "登录账号", "", sentence)]

    return check


def _person(each: Inspector, leaves: list[tuple[date, date]]) -> Person:
    return Person(each.status, each.is_expert, each.certificate_valid_to, tuple(leaves), each.establishment)
