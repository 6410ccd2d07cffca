"""Reads of sync: what is new for a person since a cursor, and what the server has of what a phone holds."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from backend.core.errors import CURSOR_GONE, Refusal
from backend.fieldwork.changes.queries import changes_after
from backend.fieldwork.evidence.models import EvidenceFile
from backend.fieldwork.evidence.queries import files_held_for
from backend.fieldwork.sync.documents import document_of, in_step_of
from backend.fieldwork.sync.epochs import epoch
from backend.fieldwork.sync.models import Op
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import visit_ids_of_member, visits_left
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db

PAGE = 300


@dataclass(frozen=True)
class Pulled:
    """One page of what is new, and where the next one begins."""

    docs: list[dict[str, Any]]
    tombstones: list[dict[str, str]]
    cursor: str
    more: bool
    in_step: dict[int, int]


def pull(actor: Actor, cursor: str | None) -> Pulled:
    """The documents of the person's visits that changed after `cursor`; None pulls everything."""
    since = place_of(cursor)
    visit_ids = visit_ids_of_member(actor)
    changes = changes_after(actor.agency_id, since, visit_ids, PAGE)
    told = [(change, document_of(change)) for change in changes]
    docs = [document for _, document in told if document is not None]
    gone = [{"type": change.kind, "id": change.doc_id} for change, document in told if document is None]
    reached = changes[-1].server_seq if changes else since
    left = visits_left(actor, since)
    gone += [{"type": "visit", "id": one.visit_id} for one in left if one.visit_id not in visit_ids]
    if len(changes) < PAGE:
        reached = max([reached, *(one.server_seq for one in left)])
    visits = list(db.session.scalars(select(Visit).where(Visit.id.in_(visit_ids))))
    return Pulled(docs, gone, f"{epoch()}.{reached}", len(changes) >= PAGE, in_step_of(visits))


def place_of(cursor: str | None) -> int:
    """The server seq behind a cursor; refused when it belongs to another life of the database."""
    if not cursor:
        return 0
    life, _, place = cursor.rpartition(".")
    if life != epoch() or not place.isdecimal():
        raise Refusal(CURSOR_GONE)
    return int(place)


def own_ops(actor: Actor, op_ids: Collection[str]) -> dict[str, Op]:
    """The person's own ops among these ids: for each, the one that first bore it."""
    query = select(Op).where(Op.op_id.in_(op_ids), Op.user_id == actor.user_id)
    found: dict[str, Op] = {}
    for op in db.session.scalars(query.order_by(Op.server_seq)):
        if op.op_id not in found or op.claims_id is not None:
            found[op.op_id] = op
    return found


def visible_files(actor: Actor, shas: Collection[str]) -> dict[str, EvidenceFile]:
    """The whole files among these that are here for one of the person's visits."""
    found: dict[str, EvidenceFile] = {}
    for visit_id in visit_ids_of_member(actor) if shas else ():
        found |= files_held_for(visit_id, shas)
    return found
