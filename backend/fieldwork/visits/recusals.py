"""回避 asked for at the door: keep the request, let the head decide it (行政处罚法 43: until then the inspection goes on)."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from backend.core.errors import NOT_FOUND, REASON_NEEDED, RECUSAL_DECIDED, Refusal
from backend.fieldwork.changes.actions import next_server_seq, touch
from backend.fieldwork.changes.rules import Origin
from backend.fieldwork.visits.models import RecusalRequest, Visit
from backend.fieldwork.visits.queries import visit_of
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.events import announce

ASKED, GRANTED, REFUSED = "asked", "granted", "refused"


def ask(actor: Actor, visit: Visit, path: str, value: Any, origin: Origin) -> None:
    """Keep the request that stands at `/recusals/<user id>`; an answer taken back before a decision takes it back."""
    user_id = int(path.rpartition("/")[2])
    known = db.session.scalar(
        select(RecusalRequest).where(RecusalRequest.visit_id == visit.id, RecusalRequest.user_id == user_id)
    )
    asked = isinstance(value, Mapping) and value.get("done") and str(value.get("text") or "").strip()
    if known is not None and known.status != ASKED:
        return
    if known is not None and not asked:
        db.session.delete(known)
    elif asked:
        request = known or RecusalRequest(agency_id=visit.agency_id, visit_id=visit.id, user_id=user_id)
        request.asked_by = "self" if value.get("by") == "self" else "party"
        request.reason, request.asked_at, request.status = (
            str(value["text"]).strip(),
            origin.received_at,
            ASKED,
        )
        db.session.add(request)
        after = {"inspector": user_id, "by": request.asked_by, "reason": request.reason}
        record(actor, "recusal.ask", "visit", visit.id, after=after)
    db.session.flush()
    touch(visit.agency_id, visit.id, "visit", visit.id, origin.server_seq)


def decide(actor: Actor, visit_id: str, request_id: int, granted: bool, words: str) -> RecusalRequest:
    """The head's decision, with its reason. A granted one lets the inspector be replaced."""
    require(actor, Capability.DECIDE_RECUSAL)
    if not words.strip():
        raise Refusal(REASON_NEEDED, what="决定的理由")
    with transaction():
        hold_chain(actor.agency_id)
        visit = visit_of(actor.agency_id, visit_id)
        request = db.session.get(RecusalRequest, request_id)
        if request is None or request.visit_id != visit.id:
            raise Refusal(NOT_FOUND, what="回避申请")
        if request.status != ASKED:
            raise Refusal(RECUSAL_DECIDED, by=request.decided_by_name)
        request.status = GRANTED if granted else REFUSED
        request.words, request.decided_by_name, request.decided_at = words.strip(), actor.name, now()
        touch(visit.agency_id, visit.id, "visit", visit.id, next_server_seq(visit.agency_id))
        after = {"inspector": request.user_id, "status": request.status, "words": request.words}
        record(actor, "recusal.decide", "visit", visit.id, before={"status": ASKED}, after=after)
        member = next((one for one in visit.members if one.user_id == request.user_id), None)
        if granted and member is not None:
            announce(
                "recusal.granted",
                actor=actor,
                visit_id=visit.id,
                inspector_id=member.inspector_id,
                entity_id=visit.entity_id,
                reason=request.reason,
            )
        return request
