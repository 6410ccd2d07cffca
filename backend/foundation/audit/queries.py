"""Read and check the trail."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any

from sqlalchemy import select

from backend.foundation.audit.models import AuditEntry, AuditHead
from backend.foundation.audit.rules import HASHED, first_fault
from backend.plumbing.db import db


def as_mapping(entry: AuditEntry) -> Mapping[str, Any]:
    """An entry as the plain values that its hash covers, with the hash."""
    values = {name: getattr(entry, name) for name in (*HASHED, "hash")}
    values["at"] = entry.at.astimezone(UTC).isoformat()
    return values


def entries_of(agency_id: int, after: int = 0, limit: int | None = None) -> Iterator[AuditEntry]:
    """The agency's entries in order, streaming."""
    query = select(AuditEntry).where(AuditEntry.agency_id == agency_id, AuditEntry.number > after)
    query = query.order_by(AuditEntry.number).limit(limit)
    yield from db.session.scalars(query.execution_options(yield_per=500))


def newest_entries(agency_id: int, before: int | None, limit: int) -> list[AuditEntry]:
    """The newest entries first, below number `before` (keyset paging)."""
    query = select(AuditEntry).where(AuditEntry.agency_id == agency_id)
    if before is not None:
        query = query.where(AuditEntry.number < before)
    return list(db.session.scalars(query.order_by(AuditEntry.number.desc()).limit(limit)))


def entries_on(agency_id: int, on_kind: str, on_id: int | str) -> list[AuditEntry]:
    """Everything recorded on one subject, oldest first."""
    query = select(AuditEntry).where(
        AuditEntry.agency_id == agency_id, AuditEntry.on_kind == on_kind, AuditEntry.on_id == str(on_id)
    )
    return list(db.session.scalars(query.order_by(AuditEntry.number)))


def chain_fault(agency_id: int) -> str | None:
    """What does not hold in the agency's whole chain, or None; a shortened chain is noticed by its stored head."""
    fault = first_fault(as_mapping(entry) for entry in entries_of(agency_id))
    return fault or _fault_at_the_end(agency_id)


def piece_fault(agency_id: int, newest_first: Sequence[AuditEntry]) -> str | None:
    """What does not hold in a piece of the chain, or None; and whether the chain's end is still there."""
    piece = [as_mapping(entry) for entry in reversed(newest_first)]
    fault = first_fault(piece, None, piece[0]["number"]) if piece else None
    return fault or _fault_at_the_end(agency_id)


def _fault_at_the_end(agency_id: int) -> str | None:
    newest = select(AuditEntry).where(AuditEntry.agency_id == agency_id)
    newest = newest.order_by(AuditEntry.number.desc()).limit(1)
    head = select(AuditHead).where(AuditHead.agency_id == agency_id)
    # Both ends by one statement: what somebody records meanwhile moves both.
    ends = select(
        newest.with_only_columns(AuditEntry.number).scalar_subquery(),
        newest.with_only_columns(AuditEntry.hash).scalar_subquery(),
        head.with_only_columns(AuditHead.number).scalar_subquery(),
        head.with_only_columns(AuditHead.hash).scalar_subquery(),
    )
    number, hashed, head_number, head_hash = db.session.execute(ends).one()
    return None if (number, hashed) == (head_number, head_hash) else "末尾的记录缺失，与链头不符"
