"""Write the trail: called inside the transaction of the action it records, so that both stand or fall."""

from typing import Any

from sqlalchemy import select

from backend.core.canonical_json import digest
from backend.foundation.audit.models import AuditEntry, AuditHead
from backend.foundation.audit.queries import as_mapping
from backend.foundation.audit.rules import FIRST, entry_hash
from backend.foundation.permissions.actor import Actor
from backend.plumbing.clock import now
from backend.plumbing.db import db, in_transaction


def record(
    actor: Actor, verb: str, on_kind: str, on_id: int | str, before: Any = None, after: Any = None
) -> AuditEntry:
    """Append one entry to the actor's agency's chain. `before` and `after` are canonical JSON values or None."""
    if not in_transaction():
        raise RuntimeError("an audit entry belongs to the transaction of its action")
    head = _locked_head(actor.agency_id)
    entry = AuditEntry(
        agency_id=actor.agency_id,
        number=head.number + 1,
        at=now().replace(microsecond=0),
        actor_id=actor.user_id,
        actor_name=actor.name,
        verb=verb,
        on_kind=on_kind,
        on_id=str(on_id),
        before_digest=None if before is None else digest(before),
        after_digest=None if after is None else digest(after),
        detail=after,
        prev=head.hash,
    )
    entry.hash = entry_hash(as_mapping(entry))
    head.number, head.hash = entry.number, entry.hash
    db.session.add(entry)
    db.session.flush()
    return entry


def hold_chain(agency_id: int) -> None:
    """Take the agency's turn now: until this transaction ends nobody else's action of the agency commits."""
    _locked_head(agency_id)


def _locked_head(agency_id: int) -> AuditHead:
    query = select(AuditHead).where(AuditHead.agency_id == agency_id).with_for_update()
    # Not flushed first: rows changed before would be locked ahead of the turn, and two actions wait for each other.
    with db.session.no_autoflush:
        head = db.session.scalar(query.execution_options(populate_existing=True))
    if head is None:
        head = AuditHead(agency_id=agency_id, number=0, hash=FIRST)
        db.session.add(head)
    return head
