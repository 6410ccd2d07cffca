"""Reads of signatures and refusals."""

from collections.abc import Sequence

from sqlalchemy import select

from backend.fieldwork.signatures.models import Signature, SignatureRefusal
from backend.plumbing.db import db


def signatures_of(visit_id: str) -> Sequence[Signature]:
    """Every signature of a visit, in the order they were given."""
    return list(
        db.session.scalars(select(Signature).where(Signature.visit_id == visit_id).order_by(Signature.id))
    )


def refusals_of(visit_id: str) -> Sequence[SignatureRefusal]:
    """Every refusal to sign of a visit, in the order they were recorded."""
    query = select(SignatureRefusal).where(SignatureRefusal.visit_id == visit_id)
    return list(db.session.scalars(query.order_by(SignatureRefusal.id)))
