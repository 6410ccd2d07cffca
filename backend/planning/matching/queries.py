"""Reads of recusals."""

from sqlalchemy import select

from backend.planning.matching.models import Recusal
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector


def recusals_of(agency_id: int, inspector_id: int | None = None) -> list[tuple[Recusal, Inspector, Entity]]:
    """Every declared recusal with its two sides, newest first; of one inspector where given."""
    query = (
        select(Recusal, Inspector, Entity)
        .join(Inspector, Inspector.id == Recusal.inspector_id)
        .join(Entity, Entity.id == Recusal.entity_id)
        .where(Recusal.agency_id == agency_id)
        .order_by(Recusal.id.desc())
    )
    if inspector_id is not None:
        query = query.where(Recusal.inspector_id == inspector_id)
    return [(recusal, inspector, entity) for recusal, inspector, entity in db.session.execute(query)]


def entity_by_code(agency_id: int, code: str) -> Entity | None:
    """The agency's entity with this code."""
    return db.session.scalar(select(Entity).where(Entity.agency_id == agency_id, Entity.code == code))
