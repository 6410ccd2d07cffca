"""Begin a visit, submit it, review it, close it as cannot-inspect, open an approved one again.

`close` and `reopen` own their transactions; the others are effects of ops and join that of the push.
"""

from collections.abc import Collection, Sequence
from typing import Any

from backend.core.errors import (
    INVALID_INPUT,
    REASON_NEEDED,
    REASON_NOT_LISTED,
    VISIT_NOT_APPROVED,
    VISIT_NOT_OPEN,
    Refusal,
)
from backend.fieldwork.changes.actions import next_server_seq, touch
from backend.fieldwork.changes.rules import APPLIED, Gap, Origin, Outcome, quarantined
from backend.fieldwork.checklists.queries import answers_of
from backend.fieldwork.evidence.actions import count_late_evidence
from backend.fieldwork.visits.completeness import (
    approval_gaps,
    closing_gaps,
    digest_of,
    gaps_of,
    reasons_not_to_inspect,
)
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import leader_of, rules_of, visit_for, visit_of
from backend.fieldwork.visits.rules import CAPTURING, STATUS_WORDS, VisitStatus
from backend.fieldwork.walk.rules import obstacle_in_words
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.events import announce


def begin(visit: Visit, origin: Origin) -> None:
    """The first op makes a dispatched visit one that is under way."""
    if mark_begun(visit, origin):
        touch_visit(visit, origin.server_seq)


def mark_begun(visit: Visit, origin: Origin) -> bool:
    """Begin a dispatched visit; whether it was one, which the caller lets the team's phones hear."""
    if visit.status != VisitStatus.DISPATCHED:
        return False
    visit.status, visit.started_at = VisitStatus.IN_PROGRESS, origin.received_at
    return True


def submit(actor: Actor, visit: Visit, digest: str, origin: Origin) -> Outcome:
    """提交: the document is whole, signed, and the one that the phone showed; else kept on record with what is missing."""
    if visit.status not in CAPTURING:
        return quarantined("visit-finished")
    if digest != digest_of(visit):
        return quarantined("stale-digest")
    gaps = gaps_of(visit)
    if gaps:
        return quarantined("blocked", gaps)
    visit.status, visit.submitted_at, visit.digest = VisitStatus.SUBMITTED, origin.received_at, digest
    visit.mended, visit.returned = visit.returned, []
    touch_visit(visit, origin.server_seq)
    record(actor, "visit.submit", "visit", visit.id, after={"digest": digest})
    announce("visit.submitted", actor=actor, visit_id=visit.id)
    return APPLIED


def review(
    actor: Actor,
    visit: Visit,
    decision: str,
    digest: str,
    items: list[dict[str, str]],
    origin: Origin,
    image: str = "",
) -> Outcome:
    """The team leader's word on what was submitted: approve it, with a drawn signature, or send single items back."""
    if leader_of(visit).user_id != actor.user_id:
        return quarantined("not-leader")
    if visit.status != VisitStatus.SUBMITTED:
        return quarantined("not-submitted")
    if digest != visit.digest or digest != digest_of(visit):
        return quarantined("stale-digest")
    if decision == "approve":
        return _approve(actor, visit, origin, image)
    return _return(actor, visit, items, origin)


def close(actor: Actor, visit_id: str, reason: str, note: str) -> Visit:
    """无法检查 from the office: the reasons are the profile's (003 art. 17); evidence is kept, the visit counts as done."""
    require(actor, Capability.CLOSE_VISIT)
    rules = rules_of(visit_for(actor, visit_id))
    citation = rules.ground("cannot_inspect.reasons")
    if reason not in reasons_not_to_inspect(rules):
        raise Refusal(REASON_NOT_LISTED, citation, reason=reason)
    if not note.strip():
        raise Refusal(INVALID_INPUT, citation, detail="写明取得了哪些证据")
    with transaction():
        hold_chain(actor.agency_id)
        visit = visit_for(actor, visit_id)
        status = VisitStatus(visit.status)
        if status not in CAPTURING:
            raise Refusal(VISIT_NOT_OPEN, state=STATUS_WORDS[status], step="记为无法检查")
        _close(actor, visit, reason, note.strip(), next_server_seq(visit.agency_id))
        return visit


def close_from_the_field(actor: Actor, visit: Visit, digest: str, origin: Origin) -> Outcome:
    """无法检查 from the phone: the profile's reason with its proof, and the signatures of the inspectors who were there."""
    if visit.status not in CAPTURING:
        return quarantined("visit-finished")
    if digest != digest_of(visit):
        return quarantined("stale-digest")
    gaps = closing_gaps(visit)
    if gaps:
        return quarantined("blocked", gaps)
    told = answers_of(visit.id)["/exception"]
    visit.digest = digest
    _close(actor, visit, told["kind"], obstacle_in_words(told), origin.server_seq)
    return APPLIED


def reopen(actor: Actor, visit_id: str, reason: str, paths: Sequence[str]) -> Visit:
    """Open an approved visit again, for these answers only: the one way in which anything approved may change.

    Who reacts to `visit.reopened` may refuse, since a published result is corrected and a sealed dossier supplemented.
    """
    require(actor, Capability.REOPEN_VISIT)
    if not reason.strip() or not paths:
        raise Refusal(REASON_NEEDED, what="重新打开的原因和要改的内容")
    with transaction():
        hold_chain(actor.agency_id)
        visit = visit_of(actor.agency_id, visit_id)
        if visit.status != VisitStatus.APPROVED:
            raise Refusal(VISIT_NOT_APPROVED, state=STATUS_WORDS[VisitStatus(visit.status)])
        before = {"status": visit.status, "digest": visit.digest}
        items = [{"path": path, "reason": reason.strip()} for path in dict.fromkeys(paths)]
        visit.status, visit.approved_at = VisitStatus.RETURNED, None
        visit.returned = _with_what_stood_there(visit, items)
        touch_visit(visit, next_server_seq(visit.agency_id))
        record(
            actor, "visit.reopen", "visit", visit.id, before=before, after={"reason": reason, "items": items}
        )
        announce("visit.reopened", actor=actor, visit_id=visit.id)
        return visit


def touch_visit(visit: Visit, server_seq: int) -> None:
    """Let the team's phones hear that the visit itself changed."""
    touch(visit.agency_id, visit.id, "visit", visit.id, server_seq)


def _approve(actor: Actor, visit: Visit, origin: Origin, image: str) -> Outcome:
    gaps = approval_gaps(visit)
    if gaps:
        return quarantined("blocked", gaps)
    visit.status, visit.approved_at = VisitStatus.APPROVED, origin.received_at
    touch_visit(visit, origin.server_seq)
    record(actor, "visit.approve", "visit", visit.id, after={"digest": visit.digest})
    announce("visit.approved", actor=actor, visit_id=visit.id)
    if image:
        announce("approval.signed", actor=actor, visit_id=visit.id, image=image)
    return APPLIED


def _return(actor: Actor, visit: Visit, items: list[dict[str, str]], origin: Origin) -> Outcome:
    if not items or any(not item["reason"].strip() for item in items):
        return quarantined("blocked", (Gap("return-reason", "/review"),))
    visit.status, visit.returned = VisitStatus.RETURNED, _with_what_stood_there(visit, items)
    count_late_evidence(visit.id, visit.agency_id, origin.server_seq)
    touch_visit(visit, origin.server_seq)
    record(actor, "visit.return", "visit", visit.id, before={"digest": visit.digest}, after={"items": items})
    return APPLIED


def _close(actor: Actor, visit: Visit, reason: str, note: str, server_seq: int) -> None:
    before = {"status": visit.status}
    visit.status, visit.closed_at = VisitStatus.CLOSED, now()
    visit.closed_reason, visit.closed_note = reason, note
    _void_unused_numbers(visit, "无法检查，没有签发")
    touch_visit(visit, server_seq)
    record(actor, "visit.close", "visit", visit.id, before=before, after={"reason": reason, "note": note})
    announce("visit.closed", actor=actor, visit_id=visit.id)


def _with_what_stood_there(visit: Visit, items: Sequence[dict[str, str]]) -> list[dict[str, Any]]:
    """Each returned item with the answer it had, so that the leader later sees what became of it."""
    answers = answers_of(visit.id)
    return [{**item, "before": answers.get(item["path"])} for item in items]


def settle_numbers(visit_id: str, used: Collection[str], reason: str) -> None:
    """Once the documents are bound: numbers they bear are used, the others void. Joins the caller's transaction."""
    visit = db.session.get_one(Visit, visit_id)
    for number in visit.numbers:
        if number.number in used:
            number.status, number.void_reason = "used", None
    _void_unused_numbers(visit, reason)


def _void_unused_numbers(visit: Visit, reason: str) -> None:
    for number in visit.numbers:
        if number.status == "reserved":
            number.status, number.void_reason = "void", reason
