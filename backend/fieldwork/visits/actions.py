"""Open a visit at dispatch, begin it, submit it, review it, close it as cannot-inspect.

`open_visits` and `close` own their transactions; `begin`, `submit` and `review` are effects of ops and join that of the push.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from backend.core.errors import INVALID_INPUT, NOT_FOUND, REASON_NOT_LISTED, VISIT_NOT_OPEN, Refusal
from backend.fieldwork.changes.actions import next_server_seq, touch
from backend.fieldwork.changes.rules import APPLIED, Gap, Origin, Outcome, quarantined
from backend.fieldwork.checklists.actions import pin
from backend.fieldwork.checklists.queries import form_named
from backend.fieldwork.evidence.actions import count_late_evidence
from backend.fieldwork.visits.models import ReservedNumber, Visit, VisitMember
from backend.fieldwork.visits.queries import approval_gaps, digest_of, gaps_of, leader_of, visit_of
from backend.fieldwork.visits.rules import CAPTURING, NUMBER_WORDS, STATUS_WORDS, VisitStatus, document_number
from backend.foundation.accounts.queries import agency
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, transaction
from backend.plumbing.events import announce
from backend.plumbing.randomness import new_id
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector
from backend.registers.matters.models import Matter


@dataclass(frozen=True)
class Assignment:
    """What dispatch hands over for one entity: the task, the window, the matters, the team (inspector id, position)."""

    task_id: int
    task_title: str
    serial: str
    department_id: int | None
    draw_id: int | None
    entity_id: int
    window_from: date
    window_to: date
    matter_ids: Sequence[int]
    team: Sequence[tuple[int, int]]


def open_visit(actor: Actor, assignment: Assignment) -> Visit:
    """Make one visit: entity and forms frozen into it, its team named, its document numbers set aside."""
    with transaction():
        hold_chain(actor.agency_id)
        visit = Visit(
            id=new_id(),
            agency_id=actor.agency_id,
            department_id=assignment.department_id,
            task_id=assignment.task_id,
            draw_id=assignment.draw_id,
            entity_id=assignment.entity_id,
            serial=assignment.serial,
            entity_snapshot=_snapshot(actor, assignment.entity_id),
            matters=[_frozen_matter(actor, matter_id) for matter_id in assignment.matter_ids],
            task_title=assignment.task_title,
            window_from=assignment.window_from,
            window_to=assignment.window_to,
            status=VisitStatus.DISPATCHED,
            dispatched_at=now(),
            returned=[],
            members=[_member(actor, *seat) for seat in sorted(assignment.team, key=lambda seat: seat[1])],
        )
        db.session.add(visit)
        db.session.flush()
        visit.numbers.extend(_reserve(visit, kind) for kind in NUMBER_WORDS)
        _tell_phones(visit, next_server_seq(visit.agency_id))
        members = [member.inspector_id for member in visit.members]
        after = {"serial": visit.serial, "entity": visit.entity_snapshot["code"], "team": members}
        record(actor, "visit.open", "visit", visit.id, after=after)
        return visit


def begin(visit: Visit, origin: Origin) -> None:
    """The first op makes a dispatched visit one that is under way."""
    if visit.status == VisitStatus.DISPATCHED:
        visit.status, visit.started_at = VisitStatus.IN_PROGRESS, origin.received_at
        touch_visit(visit, origin.server_seq)


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
    visit.returned = []
    touch_visit(visit, origin.server_seq)
    record(actor, "visit.submit", "visit", visit.id, after={"digest": digest})
    announce("visit.submitted", actor=actor, visit_id=visit.id)
    return APPLIED


def review(
    actor: Actor, visit: Visit, decision: str, digest: str, items: list[dict[str, str]], origin: Origin
) -> Outcome:
    """The team leader's word on what was submitted: approve it, or send single items back."""
    if leader_of(visit).user_id != actor.user_id:
        return quarantined("not-leader")
    if visit.status != VisitStatus.SUBMITTED:
        return quarantined("not-submitted")
    if digest != visit.digest or digest != digest_of(visit):
        return quarantined("stale-digest")
    if decision == "approve":
        return _approve(actor, visit, origin)
    return _return(actor, visit, items, origin)


def close(actor: Actor, visit_id: str, reason: str, note: str) -> Visit:
    """无法检查: the reasons are the profile's (003 art. 17); evidence is kept, the visit counts as done."""
    require(actor, Capability.CLOSE_VISIT)
    reasons = profile_for(actor.agency_id).get("cannot_inspect.reasons")
    if reason not in (reasons.value or ()):
        raise Refusal(REASON_NOT_LISTED, reasons.citation, reason=reason)
    if not note.strip():
        raise Refusal(INVALID_INPUT, reasons.citation, detail="写明取得了哪些证据")
    with transaction():
        visit = visit_of(actor.agency_id, visit_id)
        status = VisitStatus(visit.status)
        if status not in CAPTURING:
            raise Refusal(VISIT_NOT_OPEN, state=STATUS_WORDS[status], step="记为无法检查")
        hold_chain(actor.agency_id)
        visit.status, visit.closed_at = VisitStatus.CLOSED, now()
        visit.closed_reason, visit.closed_note = reason, note.strip()
        _void_unused_numbers(visit, "无法检查，没有签发")
        touch_visit(visit, next_server_seq(visit.agency_id))
        record(
            actor,
            "visit.close",
            "visit",
            visit.id,
            before={"status": status},
            after={"reason": reason, "note": visit.closed_note},
        )
        announce("visit.closed", actor=actor, visit_id=visit.id)
        return visit


def touch_visit(visit: Visit, server_seq: int) -> None:
    """Let the team's phones hear that the visit itself changed."""
    touch(visit.agency_id, visit.id, "visit", visit.id, server_seq)


def _approve(actor: Actor, visit: Visit, origin: Origin) -> Outcome:
    gaps = approval_gaps(visit)
    if gaps:
        return quarantined("blocked", gaps)
    visit.status, visit.approved_at = VisitStatus.APPROVED, origin.received_at
    touch_visit(visit, origin.server_seq)
    record(actor, "visit.approve", "visit", visit.id, after={"digest": visit.digest})
    announce("visit.approved", actor=actor, visit_id=visit.id)
    return APPLIED


def _return(actor: Actor, visit: Visit, items: list[dict[str, str]], origin: Origin) -> Outcome:
    if not items or any(not item["reason"].strip() for item in items):
        return quarantined("blocked", (Gap("return-reason", "/review"),))
    visit.status, visit.returned = VisitStatus.RETURNED, items
    count_late_evidence(visit.id, visit.agency_id, origin.server_seq)
    touch_visit(visit, origin.server_seq)
    record(actor, "visit.return", "visit", visit.id, before={"digest": visit.digest}, after={"items": items})
    return APPLIED


def _tell_phones(visit: Visit, server_seq: int) -> None:
    touch_visit(visit, server_seq)
    for sha in sorted({matter["formSha"] for matter in visit.matters if matter["formSha"]}):
        touch(visit.agency_id, visit.id, "form", sha, server_seq)


def _snapshot(actor: Actor, entity_id: int) -> dict[str, Any]:
    entity = db.session.get_one(Entity, entity_id)
    _require_own(actor, entity.agency_id, entity.name)
    names = ("code", "name", "kind", "address", "region", "industry", "principal", "phone")
    return {name: getattr(entity, name) for name in names}


def _frozen_matter(actor: Actor, matter_id: int) -> dict[str, Any]:
    matter = db.session.get_one(Matter, matter_id)
    _require_own(actor, matter.agency_id, matter.name)
    pinned = form_named(matter.form_key, profile_for(actor.agency_id).key) if matter.form_key else None
    return {
        "matterId": matter.id,
        "name": matter.name,
        "class": matter.matter_class,
        "content": matter.content,
        "legalBasis": matter.legal_basis,
        "formKey": pinned.key if pinned else None,
        "formSha": pin(pinned) if pinned else None,
    }


def _member(actor: Actor, inspector_id: int, position: int) -> VisitMember:
    inspector = db.session.get_one(Inspector, inspector_id)
    _require_own(actor, inspector.agency_id, inspector.name)
    if inspector.user_id is None:
        raise Refusal(
            INVALID_INPUT, detail=f"检查人员{inspector.name}还没有登录账号，请先在检查人员名录里关联"
        )
    return VisitMember(
        inspector_id=inspector.id,
        user_id=inspector.user_id,
        position=position,
        is_leader=position == 0,
        name=inspector.name,
        certificate_no=inspector.certificate_no,
    )


def _require_own(actor: Actor, agency_id: int, what: str) -> None:
    if agency_id != actor.agency_id:
        raise Refusal(NOT_FOUND, what=what)


def _reserve(visit: Visit, kind: str) -> ReservedNumber:
    year = today().year
    of_this_kind = (
        (ReservedNumber.agency_id == visit.agency_id)
        & (ReservedNumber.year == year)
        & (ReservedNumber.kind == kind)
    )
    last = db.session.scalar(select(func.max(ReservedNumber.ordinal)).where(of_this_kind)) or 0
    number = document_number(agency(visit.agency_id).doc_prefix, kind, year, last + 1)
    return ReservedNumber(
        agency_id=visit.agency_id, kind=kind, year=year, ordinal=last + 1, number=number, status="reserved"
    )


def _void_unused_numbers(visit: Visit, reason: str) -> None:
    for number in visit.numbers:
        if number.status == "reserved":
            number.status, number.void_reason = "void", reason
