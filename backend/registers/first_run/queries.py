"""How far an agency has come on its first day."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from backend.foundation.accounts.models import User
from backend.foundation.rule_profiles.queries import current_version
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector
from backend.registers.matters.models import Matter

FEWEST_PEOPLE = 2
"""An administrator alone can approve nothing: somebody else must be able to log in."""


@dataclass(frozen=True)
class Progress:
    """What is there already. A register counts as begun with its first row."""

    rules_chosen: bool
    people: int
    matters: bool
    inspectors: bool
    entities: bool

    @property
    def people_enough(self) -> bool:
        return self.people >= FEWEST_PEOPLE


def progress_of(agency_id: int) -> Progress:
    """What this agency has set up."""
    people = (
        select(func.count()).select_from(User).where(User.agency_id == agency_id, User.disabled_at.is_(None))
    )
    return Progress(
        rules_chosen=current_version(agency_id) is not None,
        people=db.session.scalar(people) or 0,
        matters=_begun(Matter, agency_id),
        inspectors=_begun(Inspector, agency_id),
        entities=_begun(Entity, agency_id),
    )


def _begun(register: Any, agency_id: int) -> bool:
    return db.session.scalar(select(register.id).where(register.agency_id == agency_id).limit(1)) is not None
