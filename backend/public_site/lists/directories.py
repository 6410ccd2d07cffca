"""The inspector directories that are public: of each person exactly the fields that the agency's rules name."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backend.core.errors import Citation
from backend.foundation.accounts.models import Agency
from backend.foundation.accounts.queries import departments_of
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.db import db
from backend.registers.inspectors.models import Inspector
from backend.registers.inspectors.queries import Filters, people_in
from backend.registers.inspectors.rules import SEXES

Said = Callable[[Inspector, Mapping[int, str]], str]

FIELDS: Mapping[str, Said] = {
    "姓名": lambda person, _: person.name,
    "单位": lambda person, departments: departments.get(person.department_id or 0, ""),
    "性别": lambda person, _: SEXES.get(person.sex, ""),
    "岗位": lambda person, _: person.post,
    "执法证号": lambda person, _: person.certificate_no,
    "警号": lambda person, _: person.certificate_no,
}
"""By the words of a profile's `inspector.fields`. A word that is not here is not published."""


@dataclass(frozen=True)
class PublicDirectory:
    """One agency's inspectors in post, without experts, as a table."""

    agency: Agency
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    citation: Citation | None


def public_directories() -> list[PublicDirectory]:
    """The directories of the agencies whose rules make them public."""
    agencies = db.session.scalars(select(Agency).order_by(Agency.id))
    found = (_directory(agency) for agency in agencies if profile_for(agency.id).flag("inspector.published"))
    return [directory for directory in found if directory.rows]


def _directory(agency: Agency) -> PublicDirectory:
    profile = profile_for(agency.id)
    words = [word for word in profile.words("inspector.fields") if word in FIELDS]
    departments = {department.id: department.name for department in departments_of(agency.id)}
    rows = [
        [FIELDS[word](person, departments) for word in words]
        for person in people_in(agency.id, Filters())
        if person.status == "active"
    ]
    return PublicDirectory(agency, words, rows, profile.cite("inspector.published"))
