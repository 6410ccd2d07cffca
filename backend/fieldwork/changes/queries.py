"""Read what changed since a place in the order."""

from collections.abc import Collection

from sqlalchemy import select

from backend.fieldwork.changes.models import Change
from backend.plumbing.db import db


def changes_after(agency_id: int, server_seq: int, visit_ids: Collection[str], limit: int) -> list[Change]:
    """The changes of these visits after `server_seq`, oldest first: about `limit`, never half of one moment's."""
    of_these = select(Change).where(Change.agency_id == agency_id, Change.visit_id.in_(visit_ids))
    page = of_these.where(Change.server_seq > server_seq).order_by(Change.server_seq).limit(limit)
    found = list(db.session.scalars(page))
    if len(found) == limit:
        last = found[-1].server_seq
        found = [change for change in found if change.server_seq < last]
        found += db.session.scalars(of_these.where(Change.server_seq == last))
    return found


def was_told(agency_id: int, kind: str, doc_id: str) -> bool:
    """Whether any phone of the agency gets to see this document."""
    query = select(Change.server_seq).where(
        Change.agency_id == agency_id, Change.kind == kind, Change.doc_id == doc_id
    )
    return db.session.scalar(query.limit(1)) is not None
