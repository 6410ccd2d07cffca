"""Declare and withdraw recusals (003 art. 11)."""

from sqlalchemy import select

from backend.core.errors import INVALID_INPUT, NOT_ALLOWED, NOT_FOUND, REASON_TOO_SHORT, Refusal
from backend.foundation.audit.actions import record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.planning.matching.models import Recusal
from backend.planning.matching.queries import entity_by_code
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.registers.inspectors.queries import inspector, inspector_of_user

SHORTEST_REASON = 2


def declare_recusal(actor: Actor, inspector_id: int, entity_code: str, reason: str) -> Recusal:
    """An inspector has ties with an entity. Inspectors declare their own; the office declares anyone's."""
    require(actor, Capability.DECLARE_RECUSAL)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    with transaction():
        person = inspector(actor.agency_id, inspector_id)
        _check_own(actor, person.id)
        entity = entity_by_code(actor.agency_id, entity_code.strip())
        if entity is None:
            raise Refusal(NOT_FOUND, what=f"编码为 {entity_code.strip() or '空'} 的检查对象")
        known = select(Recusal).where(Recusal.inspector_id == inspector_id, Recusal.entity_id == entity.id)
        if db.session.scalar(known) is not None:
            citation = profile_for(actor.agency_id).ground("recusal.required")
            raise Refusal(INVALID_INPUT, citation, detail=f"{person.name}对{entity.name}的回避已登记过")
        recusal = Recusal(
            agency_id=actor.agency_id,
            inspector_id=person.id,
            entity_id=entity.id,
            reason=reason.strip(),
            declared_at=now(),
        )
        db.session.add(recusal)
        db.session.flush()
        after = {"inspector": person.name, "entity": entity.code, "reason": recusal.reason}
        record(actor, "recusal.declare", "recusal", recusal.id, after=after)
        return recusal


def withdraw_recusal(actor: Actor, recusal_id: int) -> None:
    """The ties are gone; draws already committed keep what they froze."""
    require(actor, Capability.DECLARE_RECUSAL)
    with transaction():
        recusal = db.session.get(Recusal, recusal_id)
        if recusal is None or recusal.agency_id != actor.agency_id:
            raise Refusal(NOT_FOUND, what="这条回避")
        _check_own(actor, recusal.inspector_id)
        before = {"inspector": recusal.inspector_id, "entity": recusal.entity_id, "reason": recusal.reason}
        db.session.delete(recusal)
        record(actor, "recusal.withdraw", "recusal", recusal_id, before=before)


def speaks_for_others(actor: Actor) -> bool:
    """Whether the actor may declare anyone's recusal, not only their own."""
    return actor.may(Capability.SEE_PLANNING) and (
        actor.may(Capability.MAKE_TASKS) or actor.may(Capability.PUBLISH_PLAN)
    )


def _check_own(actor: Actor, inspector_id: int) -> None:
    own = inspector_of_user(actor.user_id)
    if not speaks_for_others(actor) and (own is None or own.id != inspector_id):
        raise Refusal(NOT_ALLOWED, capability="登记别人的回避")
