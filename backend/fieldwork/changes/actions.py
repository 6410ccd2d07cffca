"""Count the agency's order up, and note where in it a document changed."""

from backend.fieldwork.changes.models import Change, ServerSequence
from backend.plumbing.db import db


def next_server_seq(agency_id: int) -> int:
    """The next place in the agency's order. The caller holds the agency's chain, so others wait until its transaction ends."""
    row = db.session.get(ServerSequence, agency_id)
    if row is None:
        row = ServerSequence(agency_id=agency_id, last=0)
        db.session.add(row)
    row.last += 1
    db.session.flush()
    return row.last


def touch(agency_id: int, visit_id: str, kind: str, doc_id: str, server_seq: int) -> None:
    """Note that this document changed at `server_seq`."""
    row = db.session.get(Change, (visit_id, kind, doc_id))
    if row is None:
        row = Change(visit_id=visit_id, kind=kind, doc_id=doc_id, agency_id=agency_id, server_seq=server_seq)
        db.session.add(row)
    row.server_seq = server_seq
    db.session.flush()
