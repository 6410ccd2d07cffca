"""Write the trail: called inside the transaction of the action it records, so that both stand or fall."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from backend.core.canonical_json import digest
from backend.foundation.audit.models import AuditEntry, AuditHead
from backend.foundation.audit.rules import FIRST, entry_hash
from backend.foundation.permissions.actor import Actor
from backend.plumbing.clock import now
from backend.plumbing.db import db, in_transaction, table_of

_HEAD = table_of(AuditHead)
_APPEND = insert(table_of(AuditEntry))
_HEAD_TO_HOLD = (
    select(_HEAD.c.number, _HEAD.c.hash).where(_HEAD.c.agency_id == bindparam("agency")).with_for_update()
)
_MOVE_HEAD = (
    update(_HEAD)
    .where(_HEAD.c.agency_id == bindparam("agency"))
    .values(number=bindparam("last"), hash=bindparam("last_hash"))
)
_HELD = "heads of the trail held by this transaction"


class _Head(NamedTuple):
    """The newest entry of an agency's chain."""

    number: int
    hash: str


@dataclass(frozen=True)
class Deed:
    """What one entry tells. `before` and `after` are canonical JSON values or None."""

    actor: Actor
    verb: str
    on_kind: str
    on_id: int | str
    before: Any = None
    after: Any = None


def record(
    actor: Actor, verb: str, on_kind: str, on_id: int | str, before: Any = None, after: Any = None
) -> None:
    """Append one entry to the actor's agency's chain. `before` and `after` are canonical JSON values or None."""
    record_all([Deed(actor, verb, on_kind, on_id, before, after)])
    db.session.flush()


def record_all(deeds: Sequence[Deed]) -> None:
    """Append one entry for each deed, in their order; all of one agency."""
    if not in_transaction():
        raise RuntimeError("an audit entry belongs to the transaction of its action")
    if not deeds:
        return
    agency_id = deeds[0].actor.agency_id
    head, entries = _locked_head(agency_id), []
    for deed in deeds:
        entries.append(_entry(deed, head))
        head = _Head(head.number + 1, entries[-1]["hash"])
    connection = db.session.connection()
    connection.execute(_APPEND, entries)
    connection.execute(_MOVE_HEAD, {"agency": agency_id, "last": head.number, "last_hash": head.hash})
    _remember(agency_id, head)


def hold_chain(agency_id: int) -> None:
    """Take the agency's turn now: until this transaction ends nobody else's action of the agency commits."""
    _locked_head(agency_id)


def _entry(deed: Deed, head: _Head) -> dict[str, Any]:
    """The row of the entry that follows `head`."""
    at = now().astimezone(UTC).replace(microsecond=0)
    entry = {
        "agency_id": deed.actor.agency_id,
        "number": head.number + 1,
        "at": at.isoformat(),
        "actor_id": deed.actor.user_id,
        "actor_name": deed.actor.name,
        "verb": deed.verb,
        "on_kind": deed.on_kind,
        "on_id": str(deed.on_id),
        "before_digest": None if deed.before is None else digest(deed.before),
        "after_digest": None if deed.after is None else digest(deed.after),
        "detail": deed.after,
        "prev": head.hash,
    }
    return {**entry, "at": at, "hash": entry_hash(entry)}


def _locked_head(agency_id: int) -> _Head:
    session = db.session()
    known: dict[int, tuple[object, _Head]] = session.info.setdefault(_HELD, {})
    turn, head = known.get(agency_id, (None, None))
    if head is not None and turn is session.get_transaction():
        return head
    head = _lock_head(agency_id)
    _remember(agency_id, head)
    return head


def _remember(agency_id: int, head: _Head) -> None:
    """Spare the next look. A lock taken, or an entry made, inside a savepoint goes with it, and is not remembered."""
    session = db.session()
    if session.get_nested_transaction() is None:
        session.info[_HELD][agency_id] = (session.get_transaction(), head)
    else:
        session.info[_HELD].pop(agency_id, None)


def _lock_head(agency_id: int) -> _Head:
    # By the connection: rows the session changed before would be locked ahead of the turn, and two actions wait for each other.
    connection = db.session.connection()
    found = connection.execute(_HEAD_TO_HOLD, {"agency": agency_id}).one_or_none()
    if found is None:
        connection.execute(insert(_HEAD), {"agency_id": agency_id, "number": 0, "hash": FIRST})
        return _Head(0, FIRST)
    return _Head(*found)
