"""Serial numbers, without gaps and never twice: taken in the caller's transaction in the agency's turn."""

from backend.foundation.accounts.models import Agency
from backend.foundation.audit.actions import hold_chain
from backend.planning.tasks.models import SerialCounter
from backend.plumbing.db import db


def locked_agency(agency_id: int) -> Agency:
    """The agency, its turn held until the transaction ends: whoever else wants to number something waits.

    The turn is that of the trail, for a lock on the agency's own row would block every row that refers to it.
    """
    hold_chain(agency_id)
    return db.session.get_one(Agency, agency_id)


def next_number(agency: Agency, kind: str, year: int) -> int:
    """The next number of this kind in this year; the caller holds `locked_agency`."""
    counter = db.session.get(SerialCounter, (agency.id, kind, year), populate_existing=True)
    if counter is None:
        counter = SerialCounter(agency_id=agency.id, kind=kind, year=year, last=0)
        db.session.add(counter)
    counter.last += 1
    db.session.flush()
    return counter.last
