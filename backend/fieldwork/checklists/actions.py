"""Pin a form, set an answer, keep a second one beside it, choose between the two. Each inside its caller's transaction."""

from typing import Any

from backend.core.canonical_json import canonical
from backend.fieldwork.changes.actions import touch
from backend.fieldwork.changes.rules import Origin, Outcome, Status, quarantined
from backend.fieldwork.checklists.definitions import CompiledForm
from backend.fieldwork.checklists.differences import Meeting, Present, meet
from backend.fieldwork.checklists.models import Answer, AnswerCandidate, Form
from backend.fieldwork.checklists.queries import answer_at, candidates_of
from backend.plumbing.db import db


def pin(compiled: CompiledForm) -> str:
    """Keep the form for as long as there are visits; return the SHA-256 that a visit is pinned to."""
    if db.session.get(Form, compiled.sha) is None:
        content = dict(compiled.content)
        db.session.add(Form(sha=compiled.sha, key=compiled.key, version=compiled.version, content=content))
        db.session.flush()
    return compiled.sha


def set_answer(path: str, value: Any, base_rev: int, origin: Origin, may_change: bool) -> Outcome:
    """Set the answer at `path`, or keep it beside the present one when the two were given without seeing each other.

    `may_change` is False once the document has been submitted: what comes then is kept as unconfirmed.
    """
    answer = answer_at(origin.visit_id, path)
    present = Present(answer.rev, answer.value, answer.device_id) if answer else Present()
    meeting = meet(present, value, base_rev, origin.device_id)
    touch(origin.agency_id, origin.visit_id, "answer", f"{origin.visit_id} {path}", origin.server_seq)
    if meeting is Meeting.SAME:
        _forget_candidate_of(path, origin)
        return Outcome(rev=present.rev)
    if meeting is Meeting.BESIDE or not may_change:
        reason = "differs" if may_change else "unconfirmed"
        _keep_beside(path, value, reason, origin)
        return Outcome(Status.CONFLICT, reason, present.rev)
    _forget_candidate_of(path, origin)
    return Outcome(rev=_write(answer, path, value, origin))


def resolve(path: str, keep: str, origin: Origin, may_change: bool) -> Outcome:
    """Choose the answer that came with op `keep`; the other one stays on record in the op log."""
    # Taken or not: the phone has put the choice behind it and is told how the answer stands.
    touch(origin.agency_id, origin.visit_id, "answer", f"{origin.visit_id} {path}", origin.server_seq)
    answer = answer_at(origin.visit_id, path)
    candidates = candidates_of(origin.visit_id, path)
    kept = next((one for one in (answer, *candidates) if one is not None and one.op_id == keep), None)
    if not candidates or (keep and kept is None):
        return quarantined("unknown-choice")
    if kept is not answer and not may_change:
        return quarantined("not-returned")
    for candidate in candidates:
        db.session.delete(candidate)
    if kept is None or kept is answer:
        db.session.flush()
        return Outcome(rev=answer.rev if answer else 0)
    return Outcome(rev=_write(answer, path, kept.value, origin))


def put_back(
    path: str, signed: Origin | None, value: Any, at_seq: int, agency_id: int, visit_id: str
) -> None:
    """Let the answer be what the party signed (`signed` is its op; None if there was none): the present one, which the
    signer's phone had not seen, stays beside it as unconfirmed."""
    answer = answer_at(visit_id, path)
    if answer is not None:
        unseen = Origin(
            answer.op_id, answer.device_id, answer.user_id, agency_id, visit_id, at_seq, answer.at
        )
        _keep_beside(path, answer.value, "unconfirmed", unseen)
    if signed is not None:
        _forget_candidate_of(path, signed)
        _write(answer, path, value, signed._replace(server_seq=at_seq))
    elif answer is not None:
        db.session.delete(answer)
        db.session.flush()
    touch(agency_id, visit_id, "answer", f"{visit_id} {path}", at_seq)


def _write(answer: Answer | None, path: str, value: Any, origin: Origin) -> int:
    if answer is None:
        answer = Answer(visit_id=origin.visit_id, path=path)
        db.session.add(answer)
    answer.value, answer.rev = value, origin.server_seq
    answer.op_id, answer.device_id = origin.op_id, origin.device_id
    answer.user_id, answer.at = origin.user_id, origin.received_at
    for candidate in candidates_of(origin.visit_id, path):
        if canonical(candidate.value) == canonical(value):
            db.session.delete(candidate)
    db.session.flush()
    return answer.rev


def _keep_beside(path: str, value: Any, reason: str, origin: Origin) -> None:
    mine = _candidate_of(path, origin)
    if mine is None:
        mine = AnswerCandidate(visit_id=origin.visit_id, path=path, device_id=origin.device_id)
        db.session.add(mine)
    mine.value, mine.reason, mine.op_id = value, reason, origin.op_id
    mine.user_id, mine.at = origin.user_id, origin.received_at
    db.session.flush()


def _forget_candidate_of(path: str, origin: Origin) -> None:
    mine = _candidate_of(path, origin)
    if mine is not None:
        db.session.delete(mine)
        db.session.flush()


def _candidate_of(path: str, origin: Origin) -> AnswerCandidate | None:
    candidates = candidates_of(origin.visit_id, path)
    return next((one for one in candidates if one.device_id == origin.device_id), None)
