"""Reads of declared conflicts of interest: each person's own, all of them for the head, pairs for a draw."""

from sqlalchemy import select

from backend.core.errors import ENTITY_UNCLEAR, NOT_FOUND, Refusal
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Capability
from backend.plumbing.db import db
from backend.registers.conflicts.models import Conflict
from backend.registers.conflicts.rules import IN_FORCE
from backend.registers.entities.models import Entity
from backend.registers.entities.queries import Filters, entity_by_code, page_of_entities, standing_for
from backend.registers.inspectors.queries import inspector_of_user

FEWEST_LETTERS = 2
MOST_FOUND = 10


def conflicts_seen_by(actor: Actor) -> list[Conflict]:
    """Whoever decides sees all of the agency's, an inspector their own, newest first."""
    query = select(Conflict).where(Conflict.agency_id == actor.agency_id)
    if not actor.may(Capability.DECIDE_CONFLICTS):
        own = inspector_of_user(actor.user_id)
        query = query.where(Conflict.inspector_id == (own.id if own else 0))
    return list(db.session.scalars(query.order_by(Conflict.id.desc())))


def conflict_for(actor: Actor, conflict_id: int) -> Conflict:
    """One declaration that the person may see; any other is not found."""
    found = next((each for each in conflicts_seen_by(actor) if each.id == conflict_id), None)
    if found is None:
        raise Refusal(NOT_FOUND, what="这条申报")
    return found


def conflict_sent_as(actor: Actor, request_id: str) -> Conflict | None:
    """The actor's own declaration that a phone sent under this id, if it has arrived."""
    own = inspector_of_user(actor.user_id)
    return db.session.scalar(
        select(Conflict).where(
            Conflict.request_id == request_id, Conflict.inspector_id == (own.id if own else 0)
        )
    )


def entity_called(agency_id: int, words: str) -> Entity:
    """The one entity with this code or exactly this name; refused when there is none, or several."""
    words = words.strip()
    by_code = entity_by_code(agency_id, words)
    if by_code is not None:
        return by_code
    query = select(Entity).where(Entity.agency_id == agency_id, Entity.name == words).limit(2)
    found = db.session.scalars(query).all()
    if len(found) != 1:
        raise Refusal(ENTITY_UNCLEAR, words=words)
    return found[0]


def undecided_conflicts(agency_id: int) -> int:
    """How many declarations wait for the head."""
    query = select(Conflict.id).where(Conflict.agency_id == agency_id, Conflict.state == "declared")
    return len(db.session.scalars(query).all())


def conflicts_in_force(agency_id: int) -> set[tuple[int, int]]:
    """Pairs of inspector id and entity id that must not meet, without why: what a draw needs to know.

    A tie to an entry that was merged holds for the one that stands for it.
    """
    query = select(Conflict.inspector_id, Conflict.entity_id).where(
        Conflict.agency_id == agency_id, Conflict.state.in_(IN_FORCE)
    )
    stands = standing_for(agency_id)
    return {(row[0], stands.get(row[1], row[1])) for row in db.session.execute(query)}


def entities_named(agency_id: int, words: str) -> list[Entity]:
    """The first entities whose name, code or address has these words; none for fewer than two letters."""
    if len(words) < FEWEST_LETTERS:
        return []
    return list(page_of_entities(agency_id, Filters(words=words), MOST_FOUND))
