"""Who must not meet: recusals and declared ties, as they stand now (draw.md 1.10)."""

from collections.abc import Iterable
from typing import Protocol

from sqlalchemy import select

from backend.planning.matching.models import Recusal
from backend.plumbing.db import db
from backend.registers.conflicts.queries import conflicts_in_force
from backend.registers.entities.queries import standing_for


class Numbered(Protocol):
    """Someone of the inspector directory."""

    @property
    def id(self) -> int: ...


def recusals_among(
    agency_id: int, inspectors: Iterable[Numbered], entities: Iterable[int]
) -> list[tuple[int, int]]:
    """Pairs of inspector id and entity id that must not meet."""
    people, places = {i.id for i in inspectors}, set(entities)
    return sorted(pair for pair in apart_now(agency_id) if pair[0] in people and pair[1] in places)


def apart_now(agency_id: int) -> set[tuple[int, int]]:
    """Everyone who must not meet, by inspector id and entity id; ties with a merged entry hold for the one that stands
    for it."""
    recusals = db.session.scalars(select(Recusal).where(Recusal.agency_id == agency_id))
    apart = {(r.inspector_id, r.entity_id) for r in recusals} | conflicts_in_force(agency_id)
    stands = standing_for(agency_id)
    return apart | {(person, stands[entity]) for person, entity in apart if entity in stands}
