"""Read what changed since a place in the order."""

from collections.abc import Collection

from sqlalchemy import select

from backend.fieldwork.changes.models import ANSWERS, Change, ServerSequence
from backend.plumbing.db import db


def last_server_seq(agency_id: int) -> int:
    """How far the agency's order is committed: whoever reads in several steps reads up to here, lest a later step see what an earlier one missed."""
    last = db.session.scalar(select(ServerSequence.last).where(ServerSequence.agency_id == agency_id))
    return last or 0


def changes_after(
    agency_id: int, server_seq: int, up_to: int, visit_ids: Collection[str], limit: int
) -> list[Change]:
    """The changes of these visits after `server_seq`, oldest first: about `limit`, never half of one moment's."""
    of_these = select(Change).where(
        Change.agency_id == agency_id, Change.visit_id.in_(visit_ids), Change.kind != ANSWERS
    )
    page = of_these.where(Change.server_seq > server_seq, Change.server_seq <= up_to)
    found = list(db.session.scalars(page.order_by(Change.server_seq).limit(limit)))
    if len(found) == limit:
        last = found[-1].server_seq
        found = [change for change in found if change.server_seq < last]
        found += db.session.scalars(of_these.where(Change.server_seq == last))
    return found


def visits_answered_after(agency_id: int, server_seq: int, visit_ids: Collection[str]) -> list[str]:
    """In which of these visits answers were set after `server_seq`."""
    query = select(Change.visit_id).where(Change.agency_id == agency_id, Change.server_seq > server_seq)
    return list(db.session.scalars(query.where(Change.visit_id.in_(visit_ids), Change.kind == ANSWERS)))


def was_told(agency_id: int, kind: str, doc_id: str) -> bool:
    """Whether any phone of the agency gets to see this document."""
    query = select(Change.server_seq).where(
        Change.agency_id == agency_id, Change.kind == kind, Change.doc_id == doc_id
    )
    return db.session.scalar(query.limit(1)) is not None
