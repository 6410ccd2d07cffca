"""Add and void evidence: what the ops say about files, whether or not the bytes have arrived. Inside the caller's transaction."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from backend.fieldwork.changes.actions import touch
from backend.fieldwork.changes.rules import APPLIED, Origin, Outcome, Status, quarantined
from backend.fieldwork.evidence.models import Evidence
from backend.fieldwork.evidence.queries import evidence_of, evidence_showing
from backend.plumbing.db import db

CAPTURE = ("at", "lat7", "lon7", "accuracyCm")


def add(value: dict[str, Any], taken_at: datetime, origin: Origin, late: bool) -> Outcome:
    """Add a file to the visit, at an item or at none. The set only grows: the same file at the same item is no news."""
    item = value["item"] or ""
    known = db.session.scalar(
        select(Evidence).where(
            Evidence.visit_id == origin.visit_id, Evidence.sha == value["sha"], Evidence.item == item
        )
    )
    if known is not None:
        return APPLIED
    piece = Evidence(
        visit_id=origin.visit_id,
        sha=value["sha"],
        item=item,
        role=value["role"],
        mime=value["mime"],
        size=value["size"],
        caption=value["caption"] or "",
        capture={name: value[name] for name in CAPTURE},
        op_id=origin.op_id,
        user_id=origin.user_id,
        at=taken_at,
        late=late,
    )
    db.session.add(piece)
    _touch(piece, origin)
    return Outcome(Status.APPLIED, "unconfirmed" if late else None)


def void(sha: str, reason: str, origin: Origin) -> Outcome:
    """Void a file in this visit wherever it stands; its bytes and its row stay, with the reason."""
    pieces = evidence_showing(origin.visit_id, sha)
    if not pieces:
        return quarantined("unknown-evidence")
    for piece in pieces:
        if piece.void_reason is None:
            piece.void_reason, piece.void_op_id = reason, origin.op_id
            _touch(piece, origin)
    return APPLIED


def set_aside(piece: Evidence, agency_id: int, server_seq: int) -> None:
    """This piece was not part of what the party signed."""
    piece.late = True
    touch(agency_id, piece.visit_id, "evidence", document_id(piece), server_seq)


def count_late_evidence(visit_id: str, agency_id: int, server_seq: int) -> None:
    """The team signs again: what came late is part of the document from now on."""
    for piece in evidence_of(visit_id):
        if piece.late:
            piece.late = False
            touch(agency_id, visit_id, "evidence", document_id(piece), server_seq)


def document_id(piece: Evidence) -> str:
    """The id under which phones know this piece."""
    return f"{piece.visit_id} {piece.sha} {piece.item}"


def _touch(piece: Evidence, origin: Origin) -> None:
    touch(origin.agency_id, origin.visit_id, "evidence", document_id(piece), origin.server_seq)
