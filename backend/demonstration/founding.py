"""Before anyone can log in: the agency, its departments and its people.

Every inspector of the directory gets a login, his certificate number, because the lot may fall on any of them.
"""

from collections.abc import Iterable

from backend.demonstration.cast import AGENCY, AGENCY_NAME, CAST, DEPARTMENTS, PASSWORD, Person
from backend.foundation.accounts.actions import add_person, found_agency
from backend.foundation.accounts.models import Agency
from backend.foundation.accounts.passwords import hash_password
from backend.foundation.accounts.queries import departments_of
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.registers.demo_data import KnownPerson, demo_inspectors

SEED = 20260721
FONDS_NO = "0123"
DOC_PREFIX = "示工信"


def found() -> Agency:
    """Set up the demonstration's agency with everyone in it."""
    agency = found_agency(AGENCY_NAME, AGENCY, FONDS_NO, DOC_PREFIX, DEPARTMENTS)
    departments = {department.name: department.id for department in departments_of(agency.id)}
    founder = Actor(0, agency.id, None, "命令行", frozenset({Role.ADMIN}))
    shared_hash = hash_password(PASSWORD)
    for person in everyone():
        department_id = departments[person.department] if person.department else None
        add_person(founder, person.login, person.name, shared_hash, person.roles, department_id)
    return agency


def everyone() -> list[Person]:
    """The cast, and the invented inspectors beside them."""
    return [
        *CAST,
        *(Person(k.login, k.name, AGENCY, k.department, (Role.INSPECTOR,)) for k in other_inspectors()),
    ]


def known_inspectors() -> list[KnownPerson]:
    """Every inspector with a login, in the directory's order."""
    return [*_cast_inspectors(), *other_inspectors()]


def other_inspectors() -> list[KnownPerson]:
    """The inspectors outside the cast; each one's login is his certificate number in small letters."""
    rows = list(demo_inspectors(SEED, _cast_inspectors()))[len(_cast_inspectors()) :]
    return [_known(row) for row in rows if row["is_expert"] == "否"]


def person_with_login(login: str) -> Person:
    """The person who logs in under this name."""
    return next(person for person in everyone() if person.login == login)


def _cast_inspectors() -> list[KnownPerson]:
    inspectors: Iterable[Person] = (person for person in CAST if Role.INSPECTOR in person.roles)
    return [KnownPerson(person.name, person.login, person.department or "") for person in inspectors]


def _known(row: dict[str, str]) -> KnownPerson:
    return KnownPerson(row["name"], row["certificate_no"].lower(), row["department_id"])
