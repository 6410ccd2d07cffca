"""The verbs of a referral: refer, and keep the reply."""

from sqlalchemy import select

from backend.core.errors import INVALID_INPUT, REASON_NEEDED, Refusal
from backend.decisions.referrals.models import Referral
from backend.decisions.referrals.queries import KINDS, referral_of
from backend.decisions.results.queries import result_of
from backend.foundation.audit.actions import record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction


def refer(
    actor: Actor, form_id: str, result_id: int, kind: str, receiver: str, facts: str, materials: str
) -> Referral:
    """Hand what a result found to those who act on it (003 art. 18). `kind`: a key of `KINDS`."""
    require(actor, Capability.REFER_FINDINGS)
    if kind not in KINDS:
        raise Refusal(INVALID_INPUT, detail="请选移交、移送的种类")
    for words, what in ((receiver, "接收单位"), (facts, "移送的事实")):
        if not words.strip():
            raise Refusal(REASON_NEEDED, what=what)
    with transaction():
        earlier = db.session.scalar(
            select(Referral).where(Referral.form_id == form_id, Referral.agency_id == actor.agency_id)
        )
        if earlier is not None:
            return earlier
        result = result_of(actor.agency_id, result_id)
        referral = Referral(
            agency_id=actor.agency_id,
            form_id=form_id,
            result_id=result.id,
            kind=kind,
            receiver=receiver.strip(),
            facts=facts.strip(),
            materials=materials.strip(),
            referred_by_name=actor.name,
            referred_at=now(),
        )
        db.session.add(referral)
        db.session.flush()
        record(
            actor,
            "referral.refer",
            "referral",
            referral.id,
            after={"result": result.id, "kind": kind, "receiver": referral.receiver, "facts": referral.facts},
        )
        return referral


def keep_reply(actor: Actor, referral_id: int, reply: str) -> Referral:
    """Keep what the receiver answered."""
    require(actor, Capability.REFER_FINDINGS)
    if not reply.strip():
        raise Refusal(REASON_NEEDED, what="接收单位的答复")
    with transaction():
        referral = referral_of(actor.agency_id, referral_id)
        before = {"reply": referral.reply}
        referral.reply, referral.replied_at = reply.strip(), now()
        record(
            actor, "referral.reply", "referral", referral.id, before=before, after={"reply": reply.strip()}
        )
        return referral
