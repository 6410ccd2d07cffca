"""A person's own names for sets of filters of the list."""

from collections.abc import Mapping

from sqlalchemy import select

from backend.core.errors import INVALID_INPUT, NOT_FOUND, Refusal
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.db import db, transaction
from backend.registers.entities.models import SavedView

MOST = 20


def views_of(actor: Actor) -> list[SavedView]:
    """The person's own views, by name."""
    query = select(SavedView).where(SavedView.user_id == actor.user_id)
    return list(db.session.scalars(query.order_by(SavedView.name)))


def save_view(actor: Actor, name: str, asked: Mapping[str, str]) -> None:
    """Keep the filters under a name; the same name again puts the new ones in its place."""
    require(actor, Capability.USE_OFFICE)
    name = name.strip()
    if not 1 <= len(name) <= 30:
        raise Refusal(INVALID_INPUT, detail="给这组条件起个名字，最多 30 个字")
    with transaction():
        there = views_of(actor)
        kept = next((view for view in there if view.name == name), None)
        if kept is not None:
            kept.asked = dict(asked)
        elif len(there) >= MOST:
            raise Refusal(INVALID_INPUT, detail=f"最多存 {MOST} 组，请先删去不用的")
        else:
            db.session.add(
                SavedView(agency_id=actor.agency_id, user_id=actor.user_id, name=name, asked=dict(asked))
            )


def forget_view(actor: Actor, view_id: int) -> None:
    """Delete one of the person's own views."""
    require(actor, Capability.USE_OFFICE)
    with transaction():
        kept = db.session.get(SavedView, view_id)
        if kept is None or kept.user_id != actor.user_id:
            raise Refusal(NOT_FOUND, what="这组条件")
        db.session.delete(kept)
