"""Write the trail: called inside the transaction of the action it records, so that both stand or fall."""

from datetime import UTC
from typing import Any

from sqlalchemy import bindparam, insert, select

from backend.core.canonical_json import digest
from backend.foundation.audit.models import AuditEntry, AuditHead
from backend.foundation.audit.rules import FIRST, entry_hash
from backend.foundation.permissions.actor import Actor
from backend.plumbing.clock import now
from backend.plumbing.db import db, in_transaction

_APPEND = insert(AuditEntry.__table__)  # type: ignore[arg-type]
_HEAD_TO_HOLD = (
    select(AuditHead)
    .where(AuditHead.agency_id == bindparam("agency"))
    .with_for_update()
    .execution_options(populate_existing=True)
)
_HELD = "heads of the trail held by this transaction"


def record(
    actor: Actor, verb: str, on_kind: str, on_id: int | str, before: Any = None, after: Any = None
) -> None:
    """Append one entry to the actor's agency's chain. `before` and `after` are canonical JSON values or None."""
    if not in_transaction():
        raise RuntimeError("an audit entry belongs to the transaction of its action")
    head = _locked_head(actor.agency_id)
    at = now().astimezone(UTC).replace(microsecond=0)
    entry = {
        "agency_id": actor.agency_id,
        "number": head.number + 1,
        "at": at.isoformat(),
        "actor_id": actor.user_id,
        "actor_name": actor.name,
        "verb": verb,
        "on_kind": on_kind,
        "on_id": str(on_id),
        "before_digest": None if before is None else digest(before),
        "after_digest": None if after is None else digest(after),
        "detail": after,
        "prev": head.hash,
    }
    hash = entry_hash(entry)
    head.number, head.hash = head.number + 1, hash
    db.session.flush()
    db.session.connection().execute(_APPEND, {**entry, "at": at, "hash": hash})


def hold_chain(agency_id: int) -> None:
    """Take the agency's turn now: until this transaction ends nobody else's action of the agency commits."""
    _locked_head(agency_id)


def _locked_head(agency_id: int) -> AuditHead:
    session = db.session()
    known: dict[int, tuple[object, AuditHead]] = session.info.setdefault(_HELD, {})
    turn, head = known.get(agency_id, (None, None))
    if head is not None and turn is session.get_transaction():
        return head
    head = _lock_head(agency_id)
    # A lock taken inside a savepoint goes with it.
    if session.get_nested_transaction() is None:
        known[agency_id] = (session.get_transaction(), head)
    return head


def _lock_head(agency_id: int) -> AuditHead:
    # Not flushed first: rows changed before would be locked ahead of the turn, and two actions wait for each other.
    with db.session.no_autoflush:
        head = db.session.scalar(_HEAD_TO_HOLD, {"agency": agency_id})
    if head is None:
        head = AuditHead(agency_id=agency_id, number=0, hash=FIRST)
        db.session.add(head)
    return head
