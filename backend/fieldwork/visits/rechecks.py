"""复查: whether what was ordered to be corrected was corrected, looked at when the term has run out."""

from datetime import date

from backend.core.errors import INVALID_INPUT, NOTHING_ORDERED, REASON_NEEDED, Refusal
from backend.fieldwork.checklists.queries import answers_of
from backend.fieldwork.visits.models import Recheck, Visit
from backend.fieldwork.visits.queries import rechecks_of, visit_for
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, transaction


def recheck(actor: Actor, visit_id: str, checked_on: date, mended: bool, finding: str) -> Recheck:
    """Keep what a re-check found. There may be several: what was not mended is looked at again.

    The same words for the same day, sent once more by the back button, are kept once.
    """
    require(actor, Capability.RECHECK)
    if not finding.strip():
        raise Refusal(REASON_NEEDED, what="复查情况")
    if checked_on > today():
        raise Refusal(INVALID_INPUT, detail="复查日期不能晚于今天")
    with transaction():
        hold_chain(actor.agency_id)
        visit = visit_for(actor, visit_id)
        if due_day(visit) is None:
            raise Refusal(NOTHING_ORDERED)
        said = (checked_on, mended, finding.strip())
        for known in rechecks_of(visit.id):
            if (known.checked_on, known.mended, known.finding) == said:
                return known
        kept = Recheck(
            agency_id=visit.agency_id,
            visit_id=visit.id,
            checked_on=checked_on,
            mended=mended,
            finding=finding.strip(),
            by_name=actor.name,
            at=now(),
        )
        db.session.add(kept)
        db.session.flush()
        after = {"on": checked_on.isoformat(), "mended": mended, "finding": kept.finding}
        record(actor, "visit.recheck", "visit", visit.id, after=after)
        return kept


def due_day(visit: Visit) -> date | None:
    """The day by which the party must have corrected what was found; None where nothing was ordered."""
    order = answers_of(visit.id).get("/orders/rectification")
    try:
        return date.fromisoformat(order["due"]) if isinstance(order, dict) and order.get("due") else None
    except (TypeError, ValueError):
        return None
