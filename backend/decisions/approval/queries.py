"""Reads of approvals."""

from sqlalchemy import select

from backend.decisions.approval.models import Approval
from backend.plumbing.db import db

LEADER, HEAD = "leader", "head"
APPROVE, RETURN = "approve", "return"


def approvals_of(visit_id: str) -> list[Approval]:
    """Every word that was given on a visit's results, oldest first."""
    return list(
        db.session.scalars(select(Approval).where(Approval.visit_id == visit_id).order_by(Approval.id))
    )


def head_has_approved(visit_id: str, digest: str) -> bool:
    """Whether the head approved exactly this report."""
    last = db.session.scalar(
        select(Approval)
        .where(Approval.visit_id == visit_id, Approval.stage == HEAD, Approval.digest == digest)
        .order_by(Approval.id.desc())
    )
    return last is not None and last.decision == APPROVE


def leader_has_approved(visit_id: str, digest: str) -> bool:
    """Whether the team leader's last word on the visit approved exactly this document."""
    last = db.session.scalar(
        select(Approval)
        .where(Approval.visit_id == visit_id, Approval.stage == LEADER)
        .order_by(Approval.id.desc())
        .limit(1)
    )
    return last is not None and last.decision == APPROVE and last.digest == digest
