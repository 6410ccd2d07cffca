"""How far an agency has come on its first day."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from backend.foundation.accounts.queries import people_of
from backend.foundation.permissions.roles import Role
from backend.foundation.rule_profiles.queries import current_version
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector
from backend.registers.inspectors.queries import without_login
from backend.registers.matters.models import Matter
from backend.registers.matters.queries import list_step, published_matters

NEEDED = (Role.OFFICER, Role.HEAD, Role.OVERSIGHT)
"""Who a matter list, a plan and a draw go through before anything is inspected."""


@dataclass(frozen=True)
class Progress:
    """What is there already. A register counts as begun with its first row."""

    rules_chosen: bool
    people: int
    posts_missing: tuple[Role, ...]
    """Of `NEEDED`, those that nobody who can log in holds."""
    without_login: int
    """Inspectors in post who cannot log in: drawn, they could not be sent out."""
    list_published: bool
    """Whether anything on the matter list is in force."""
    list_step: str
    """What the matter list waits for: `submit`, `approve` or `publish`; empty where all of it is in force."""
    matters: bool
    inspectors: bool
    entities: bool

    @property
    def logins_given(self) -> bool:
        return self.inspectors and not self.without_login

    @property
    def people_enough(self) -> bool:
        return not self.posts_missing


def progress_of(agency_id: int) -> Progress:
    """What this agency has set up."""
    people = [person.roles for person in people_of(agency_id) if person.disabled_at is None]
    held = {role for roles in people for role in roles}
    return Progress(
        rules_chosen=current_version(agency_id) is not None,
        people=len(people),
        posts_missing=tuple(role for role in NEEDED if role not in held),
        without_login=len(without_login(agency_id)),
        list_published=bool(published_matters(agency_id)),
        list_step=list_step(agency_id),
        matters=_begun(Matter, agency_id),
        inspectors=_begun(Inspector, agency_id),
        entities=_begun(Entity, agency_id),
    )


def _begun(register: Any, agency_id: int) -> bool:
    return db.session.scalar(select(register.id).where(register.agency_id == agency_id).limit(1)) is not None
