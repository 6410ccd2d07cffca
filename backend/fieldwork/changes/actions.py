"""Count the agency's order up, and note where in it a document changed."""

from sqlalchemy import insert, update

from backend.fieldwork.changes.models import Change, ServerSequence
from backend.plumbing.db import db

MOST_SINCE_A_BACKUP = 1_000_000
"""More changes than an agency makes between a backup and its restore."""


def next_server_seq(agency_id: int) -> int:
    """The next place in the agency's order. The caller holds the agency's chain, so others wait until its transaction ends."""
    return next_server_seqs(agency_id, 1)


def next_server_seqs(agency_id: int, count: int) -> int:
    """The first of the next `count` places in the agency's order."""
    of_agency = update(ServerSequence).where(ServerSequence.agency_id == agency_id)
    counted = of_agency.values(last=ServerSequence.last + count).returning(ServerSequence.last)
    last = db.session.scalar(counted.execution_options(synchronize_session=False))
    if last is None:
        last = count
        db.session.execute(insert(ServerSequence).values(agency_id=agency_id, last=last))
    return last - count + 1


def skip_numbers_of_a_lost_life() -> None:
    """After a restore: no number that the lost life may have given is given again, so that what a phone saw as a
    revision then is never taken for one of now. The caller is in a transaction."""
    db.session.execute(update(ServerSequence).values(last=ServerSequence.last + MOST_SINCE_A_BACKUP))


def touch(agency_id: int, visit_id: str, kind: str, doc_id: str, server_seq: int) -> None:
    """Note that this document changed at `server_seq`."""
    row = db.session.get(Change, (visit_id, kind, doc_id))
    if row is None:
        row = Change(visit_id=visit_id, kind=kind, doc_id=doc_id, agency_id=agency_id, server_seq=server_seq)
        db.session.add(row)
    row.server_seq = server_seq
    db.session.flush()
