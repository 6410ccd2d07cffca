"""Before anyone can log in: the agency, its departments, its people and the rule profile it follows."""

from backend.demonstration.cast import AGENCY, AGENCY_NAME, CAST, DEPARTMENTS, PASSWORD, Person
from backend.foundation.accounts.actions import create_person, found_agency
from backend.foundation.accounts.models import Agency, Department
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.plumbing.db import db

FONDS_NO = "0123"
DOC_PREFIX = "示工信"


def found() -> Agency:
    """Set up the demonstration's agency with everyone in it."""
    agency = found_agency(AGENCY_NAME, AGENCY, FONDS_NO, DOC_PREFIX, DEPARTMENTS)
    departments = {d.name: d.id for d in db.session.query(Department).filter_by(agency_id=agency.id)}
    founder = Actor(0, agency.id, None, "命令行", frozenset({Role.ADMIN}))
    for person in CAST:
        _give_login(founder, person, departments)
    return agency


def _give_login(founder: Actor, person: Person, departments: dict[str, int]) -> None:
    department_id = departments[person.department] if person.department else None
    create_person(founder, person.login, person.name, PASSWORD, person.roles, department_id)
