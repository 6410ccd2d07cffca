"""Reads of the inspector directory."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import select

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.accounts.queries import departments_of, people_of
from backend.plumbing.db import db
from backend.registers.columns.rules import Column, Standing
from backend.registers.inspectors.columns import KEY_FIELD, columns
from backend.registers.inspectors.models import Inspector
from backend.registers.inspectors.rules import may_be_drawn


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


def drawable_inspectors(agency_id: int, on: date) -> list[Inspector]:
    """Those who may be drawn on this day: in post, no expert, certificate valid."""
    return [
        person
        for person in inspectors_of(agency_id)
        if may_be_drawn(person.status, person.is_expert, person.certificate_valid_to, on)
    ]


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
    names = [column.field for column in columns({}, {})]
    found = {}
    for person in inspectors_of(agency_id):
        record = {name: getattr(person, name) for name in names}
        found[record[KEY_FIELD]] = Standing(person.id, record)
    return found
