"""Verbs on conflicts of interest. The trail keeps that somebody declared and what was decided, never with whom or why."""

from sqlalchemy import select

from backend.core.errors import (
    CONFLICT_DECIDED,
    CONFLICT_DECLARED,
    INVALID_INPUT,
    NOT_AN_INSPECTOR,
    REASON_TOO_SHORT,
    Refusal,
)
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.registers.conflicts.models import Conflict
from backend.registers.conflicts.queries import conflict_for
from backend.registers.conflicts.rules import IN_FORCE, STATES, TIES
from backend.registers.entities.queries import entity
from backend.registers.inspectors.queries import inspector_of_user

SHORTEST_WORDS = 5


def declare_conflict(
    actor: Actor, entity_id: int, tie: str, words: str, request_id: str | None = None
) -> Conflict:
    """Say that one has ties with an entity. From now on no draw brings the two together."""
    require(actor, Capability.DECLARE_CONFLICTS)
    if tie not in TIES:
        raise Refusal(INVALID_INPUT, detail="请选一种利害关系")
    if len(words.strip()) < SHORTEST_WORDS:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_WORDS)
    with transaction():
        hold_chain(actor.agency_id)
        own = inspector_of_user(actor.user_id)
        if own is None:
            raise Refusal(NOT_AN_INSPECTOR)
        with_whom = entity(actor.agency_id, entity_id)
        known = select(Conflict).where(
            Conflict.inspector_id == own.id,
            Conflict.entity_id == with_whom.id,
            Conflict.state.in_(IN_FORCE),
        )
        if db.session.scalar(known) is not None:
            citation = profile_for(actor.agency_id).ground("recusal.required")
            raise Refusal(CONFLICT_DECLARED, citation, name=with_whom.name)
        declared = Conflict(
            agency_id=actor.agency_id,
            inspector_id=own.id,
            entity_id=with_whom.id,
            tie=tie,
            words=words.strip(),
            request_id=request_id,
            state="declared",
            declared_at=now(),
        )
        db.session.add(declared)
        db.session.flush()
        record(actor, "conflict.declare", "conflict", declared.id, after={"state": "declared"})
        return declared


def decide_conflict(actor: Actor, conflict_id: int, recused: bool, reason: str) -> Conflict:
    """The head confirms the recusal, or finds that the ties do not call for one, with the reason."""
    require(actor, Capability.DECIDE_CONFLICTS)
    if not recused and len(reason.strip()) < SHORTEST_WORDS:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_WORDS)
    with transaction():
        hold_chain(actor.agency_id)
        held = conflict_for(actor, conflict_id)
        _require_state(held, "declared")
        held.state = "confirmed" if recused else "dismissed"
        held.decided_by_name, held.decided_at, held.decided_reason = actor.name, now(), reason.strip()
        record(
            actor,
            "conflict.decide",
            "conflict",
            held.id,
            before={"state": "declared"},
            after={"state": held.state},
        )
        return held


def end_conflict(actor: Actor, conflict_id: int) -> Conflict:
    """The inspector says that the ties are gone; draws already committed keep what they froze."""
    require(actor, Capability.DECLARE_CONFLICTS)
    with transaction():
        hold_chain(actor.agency_id)
        held = conflict_for(actor, conflict_id)
        if held.state not in IN_FORCE:
            raise Refusal(CONFLICT_DECIDED, state=STATES[held.state])
        before = {"state": held.state}
        held.state, held.ended_at = "ended", now()
        record(actor, "conflict.end", "conflict", held.id, before=before, after={"state": "ended"})
        return held


def _require_state(held: Conflict, state: str) -> None:
    if held.state != state:
        raise Refusal(CONFLICT_DECIDED, state=STATES[held.state])
