"""Keep what was approved, by whom and over which fingerprint. The callers' actions check permission and write the trail."""

from backend.decisions.approval.models import Approval
from backend.decisions.approval.queries import APPROVE, HEAD, LEADER, RETURN, approvals_of
from backend.foundation.permissions.actor import Actor
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction


def keep_leaders_approval(actor: Actor, visit_id: str, digest: str) -> Approval:
    """The team leader's approval, as it came in with the phone's review."""
    return _keep(actor, visit_id, LEADER, APPROVE, digest, "")


def keep_leaders_hand(actor: Actor, visit_id: str, image: str) -> None:
    """React to the signature that the leader drew under an approval."""
    with transaction():
        last = approvals_of(visit_id)[-1]
        last.image = image


def keep_heads_approval(actor: Actor, visit_id: str, digest: str) -> Approval:
    """The head's approval of a formed report."""
    return _keep(actor, visit_id, HEAD, APPROVE, digest, "")


def keep_heads_return(actor: Actor, visit_id: str, digest: str, reason: str) -> Approval:
    """The head sends a formed report back, with the reason."""
    return _keep(actor, visit_id, HEAD, RETURN, digest, reason)


def _keep(actor: Actor, visit_id: str, stage: str, decision: str, digest: str, reason: str) -> Approval:
    with transaction():
        approval = Approval(
            agency_id=actor.agency_id,
            visit_id=visit_id,
            stage=stage,
            decision=decision,
            digest=digest,
            items=[],
            reason=reason,
            by_user_id=actor.user_id,
            by_name=actor.name,
            at=now(),
        )
        db.session.add(approval)
        db.session.flush()
        return approval
