"""Serial numbers, without gaps and never twice: taken in the caller's transaction under a lock on the agency."""

from sqlalchemy import select

from backend.foundation.accounts.models import Agency
from backend.planning.tasks.models import SerialCounter
from backend.plumbing.db import db


def locked_agency(agency_id: int) -> Agency:
    """The agency's row, held until the transaction ends: whoever else wants to number something waits."""
    return db.session.scalars(select(Agency).where(Agency.id == agency_id).with_for_update()).one()


def next_number(agency: Agency, kind: str, year: int) -> int:
    """The next number of this kind in this year; the caller holds `locked_agency`."""
    counter = db.session.get(SerialCounter, (agency.id, kind, year), populate_existing=True)
    if counter is None:
        counter = SerialCounter(agency_id=agency.id, kind=kind, year=year, last=0)
        db.session.add(counter)
    counter.last += 1
    db.session.flush()
    return counter.last
