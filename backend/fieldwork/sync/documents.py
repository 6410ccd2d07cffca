"""What a phone gets to see: one document per visit, answer, piece of evidence, signature and form."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import islice, takewhile
from typing import Any

from sqlalchemy import func, select

from backend.core.errors import Citation
from backend.core.workdays import Deadline
from backend.fieldwork.changes.models import Change
from backend.fieldwork.checklists.models import Answer, AnswerCandidate
from backend.fieldwork.checklists.queries import answer_at, candidates_of, form
from backend.fieldwork.checklists.rules import items_of
from backend.fieldwork.evidence.models import Evidence
from backend.fieldwork.evidence.queries import evidence_showing, file_held_for
from backend.fieldwork.form_library.queries import inspected
from backend.fieldwork.form_library.rules.choosing import suits
from backend.fieldwork.signatures.queries import refusals_of, signatures_of
from backend.fieldwork.sync.models import Device
from backend.fieldwork.visits.clocks import visit_deadlines
from backend.fieldwork.visits.completeness import reasons_not_to_inspect
from backend.fieldwork.visits.earlier import known_of
from backend.fieldwork.visits.form_choice import offered_forms
from backend.fieldwork.visits.models import RecusalRequest, Visit, VisitMember
from backend.fieldwork.visits.queries import companions_of_visit, recusals_of, rules_of
from backend.fieldwork.visits.rules import CAPTURING
from backend.foundation.accounts.models import User
from backend.foundation.accounts.queries import agency
from backend.foundation.rule_profiles.profile_files import known_keys
from backend.foundation.rule_profiles.rules import RuleProfile
from backend.planning.companions.rules import ROLES
from backend.plumbing.clock import today
from backend.plumbing.db import db
from backend.registers.entities.models import Entity

Json = dict[str, Any]

DAYS_OVER = 20
"""How many working days after the last one a phone is told, to count an overrun by."""

CITED = {
    "refusal": "refusal.statement",
    "notice": "notice.name",
    "onsite": "onsite.min_inspectors",
    "certificates": "onsite.certificates",
    "recording": "onsite.recording",
    "recusal": "recusal.required",
    "cannotInspect": "cannot_inspect.reasons",
    "statement": "onsite.statement_recorded",
    "precheck": "precheck.required",
    "allMatters": "onsite.all_matters_at_once",
    "witness": "refusal.witness",
    "movedAway": "transfer.moved_away",
    "method": "procedure.adaptable",
}
"""What the phone cites at the door, and the profile key whose article stands behind it."""


def document_of(change: Change) -> Json | None:
    """`{type, id, rev, body}` of what changed, as it stands now; None if there is nothing to show."""
    body = _BODIES[change.kind](change)
    if body is None:
        return None
    rev = body["rev"] if change.kind == "answer" else change.server_seq
    return {"type": change.kind, "id": change.doc_id, "rev": rev, "body": body}


def milliseconds(moment: datetime | None) -> int | None:
    """A moment as the phone counts it."""
    return None if moment is None else int(moment.timestamp() * 1000)


def in_step_of(visits: Sequence[Visit]) -> dict[int, int]:
    """When each team member's phone last had sent and seen everything, in milliseconds; absent if never."""
    people = {member.user_id for visit in visits for member in visit.members}
    newest = (
        select(Device.user_id, func.max(Device.last_in_step_at))
        .where(Device.user_id.in_(people), Device.last_in_step_at.is_not(None))
        .group_by(Device.user_id)
    )
    found = [(row[0], row[1]) for row in db.session.execute(newest)]
    return {user_id: int(moment.timestamp() * 1000) for user_id, moment in found if moment is not None}


def _visit(change: Change) -> Json:
    visit = db.session.get_one(Visit, change.visit_id)
    in_step = in_step_of([visit])
    snapshot = visit.entity_snapshot
    return {
        "id": visit.id,
        "serial": visit.serial,
        "status": visit.status,
        "entity": {
            name: snapshot.get(name) or ""
            for name in ("name", "code", "address", "principal", "phone", "kind", "region", "industry")
        },
        "known": known_of(visit),
        "window": {"from": visit.window_from.isoformat(), "to": visit.window_to.isoformat()},
        "agency": {"name": agency(visit.agency_id).name},
        "procedure": {**visit.procedure, **_walk_words(rules_of(visit))},
        "task": {"title": visit.task_title},
        "matters": [_matter(matter) for matter in visit.matters],
        "forms": _offered(visit),
        "team": [_member(member, in_step.get(member.user_id)) for member in visit.members],
        "companions": [
            {"name": one.name, "role": ROLES[one.role], "organisation": one.organisation}
            for one in companions_of_visit(visit)
        ],
        "numbers": {number.kind: number.number for number in visit.numbers},
        "deadlines": [_deadline(one) for one in visit_deadlines(visit)],
        "citations": _citations(rules_of(visit)),
        "cannotInspectReasons": _reasons(rules_of(visit)),
        "returned": visit.returned,
        "mended": visit.mended,
        "recusals": [_recusal(one) for one in recusals_of(visit.id)],
        "digest": visit.digest,
        "dispatchedAt": milliseconds(visit.dispatched_at),
        "startedAt": milliseconds(visit.started_at),
        "submittedAt": milliseconds(visit.submitted_at),
        "approvedAt": milliseconds(visit.approved_at),
        "closedReason": visit.closed_reason,
    }


def _walk_words(profile: RuleProfile) -> Json:
    """What the profile calls things at the door, and whom it wants beside a refusal."""
    return {
        "noticeName": profile.text("notice.name") or "检查通知书",
        "recording": profile.get("onsite.recording").value,
        "inspectorsSignRefusal": profile.flag("refusal.inspector_signs"),
        "witness": profile.text("refusal.witness"),
    }


def _recusal(request: RecusalRequest) -> Json:
    return {
        "userId": request.user_id,
        "by": request.asked_by,
        "reason": request.reason,
        "status": request.status,
        "words": request.words,
        "decidedBy": request.decided_by_name,
    }


def _matter(matter: Mapping[str, Any]) -> Json:
    names = ("name", "class", "content", "legalBasis", "formKey", "formSha")
    choice = matter.get("formChoice") or {"how": "matter"}
    return {"id": matter["matterId"], **{name: matter[name] for name in names}, "formChoice": choice}


def _offered(visit: Visit) -> list[Json]:
    """The forms a team may still choose from, and which matters each suits; the phone fetches each once, by its SHA-256."""
    if visit.status not in CAPTURING:
        return []
    entity = db.session.get_one(Entity, visit.entity_id)
    return [
        {
            "sha": one.sha,
            "title": one.content["title"],
            "version": one.version,
            "items": len(list(items_of(one.content))),
            "suits": [
                matter["matterId"]
                for matter in visit.matters
                if one.key == matter["formKey"]
                or suits(one.content, inspected(matter["name"], matter["class"], entity))
            ],
        }
        for one in offered_forms(visit)
    ]


def _member(member: VisitMember, in_step_at: int | None) -> Json:
    return {
        "userId": member.user_id,
        "inspectorId": member.inspector_id,
        "name": member.name,
        "certificateNo": member.certificate_no,
        "leader": member.is_leader,
        "photo": member.inspector.portrait,
        "lastInStepAt": in_step_at,
    }


def _deadline(deadline: Deadline) -> Json:
    """With the working days themselves, so that a phone counts right on any later day without a signal."""
    day, following = today(), deadline.calendar.workdays_after(deadline.start)
    earlier = takewhile(lambda worked: worked <= deadline.start, deadline.calendar.workdays_after(day))
    return {
        "kind": deadline.kind,
        "due": deadline.due.isoformat(),
        "wd": deadline.wd,
        "remaining": deadline.remaining(day),
        "state": deadline.state(day),
        "provisional": deadline.provisional,
        "citation": _citation(deadline.citation),
        "days": [worked.isoformat() for worked in islice(following, deadline.wd + DAYS_OVER)],
        "before": [worked.isoformat() for worked in earlier],
    }


def _citations(rules: RuleProfile) -> Json:
    return {name: _citation(rules.cite(key)) for name, key in CITED.items()}


def _citation(citation: Citation | None) -> Json | None:
    if citation is None:
        return None
    return {"source": citation.source, "article": citation.article, "quote": citation.quote}


def _reasons(rules: RuleProfile) -> list[Json]:
    words = known_keys()["cannot_inspect.reasons"].words
    return [{"value": word, "label": words[word]} for word in reasons_not_to_inspect(rules)]


def _answer(change: Change) -> Json | None:
    path = change.doc_id.split(" ", 1)[1]
    answer = answer_at(change.visit_id, path)
    candidates = [_candidate(one) for one in candidates_of(change.visit_id, path)]
    if answer is None and not candidates:
        return None
    return {"visitId": change.visit_id, "path": path, **_present(answer), "candidates": candidates}


def _present(answer: Answer | None) -> Json:
    if answer is None:
        return {"value": None, "rev": 0, "by": None, "at": None, "opId": None}
    by = _person(answer.user_id)
    return {
        "value": answer.value,
        "rev": answer.rev,
        "by": by,
        "at": milliseconds(answer.at),
        "opId": answer.op_id,
    }


def _candidate(candidate: AnswerCandidate) -> Json:
    return {
        "opId": candidate.op_id,
        "value": candidate.value,
        "reason": candidate.reason,
        "by": _person(candidate.user_id),
        "at": milliseconds(candidate.at),
    }


def _evidence(change: Change) -> Json | None:
    _, sha, item = change.doc_id.split(" ", 2)
    pieces = [one for one in evidence_showing(change.visit_id, sha) if one.item == item]
    return _piece(pieces[0]) if pieces else None


def _piece(piece: Evidence) -> Json:
    return {
        "visitId": piece.visit_id,
        "sha": piece.sha,
        "item": piece.item or None,
        "role": piece.role,
        "mime": piece.mime,
        "size": piece.size,
        "caption": piece.caption,
        **piece.capture,
        "by": _person(piece.user_id),
        "complete": file_held_for(piece.visit_id, piece.sha) is not None,
        "void": piece.void_reason is not None,
        "voidReason": piece.void_reason,
        "late": piece.late,
    }


def _signature(change: Change) -> Json | None:
    for signature in signatures_of(change.visit_id):
        if signature.op_id == change.doc_id:
            return {
                "visitId": change.visit_id,
                "role": signature.role,
                "name": signature.name,
                "userId": signature.user_id,
                "at": milliseconds(signature.at),
                "digest": signature.digest,
                "image": signature.image,
            }
    for refusal in refusals_of(change.visit_id):
        if refusal.op_id == change.doc_id:
            return {
                "visitId": change.visit_id,
                "role": "refusal",
                "reason": refusal.reason,
                "statement": refusal.statement,
                "witness": refusal.witness,
                "at": milliseconds(refusal.at),
                "digest": refusal.digest,
            }
    return None


def _form(change: Change) -> Json:
    return dict(form(change.doc_id).content)


def _person(user_id: int) -> Json:
    return {"userId": user_id, "name": db.session.get_one(User, user_id).name}


_BODIES: Mapping[str, Callable[[Change], Json | None]] = {
    "visit": _visit,
    "answer": _answer,
    "evidence": _evidence,
    "signature": _signature,
    "form": _form,
}
