"""The verbs of an objection: lodge, uphold, dismiss, turn away, answer; and of a correction: draft, sign."""

from datetime import date, datetime, time
from typing import TypeVar

from sqlalchemy import select

from backend.core.clock import SHANGHAI, day_in_china
from backend.core.errors import (
    CODE_NOT_OPEN,
    CORRECTION_CHANGES_NOTHING,
    NOT_PUBLISHED,
    OBJECTION_DECIDED,
    OBJECTION_NOT_DECIDED,
    OBJECTION_NOT_YET_PUBLISHED,
    OBJECTION_TOO_LATE,
    REASON_NEEDED,
    Refusal,
)
from backend.decisions.objections.models import Correction, Objection
from backend.decisions.objections.queries import (
    DISMISSED,
    RECEIVED,
    TURNED_AWAY,
    UPHELD,
    locked_correction,
    locked_objection,
    lodge_deadline,
)
from backend.decisions.objections.rules import changes, in_time
from backend.decisions.results.actions import Wording
from backend.decisions.results.codes import result_codes
from backend.decisions.results.models import Result
from backend.decisions.results.queries import result_of
from backend.foundation.audit.actions import record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.signatories import require_signatory
from backend.planning.tasks.queries import rules_of_task
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, transaction

Entry = TypeVar("Entry", Objection, Correction)
_DECISIONS = {UPHELD: "uphold", DISMISSED: "dismiss", TURNED_AWAY: "turn_away"}


def lodge(
    actor: Actor, form_id: str, result_id: int, lodged_by: str, contact: str, grounds: str, received: date
) -> Objection:
    """Register an entity's objection to a published result, received on this day (003 art. 16)."""
    require(actor, Capability.HANDLE_OBJECTIONS)
    _ask(lodged_by, "提出异议的单位或个人")
    _ask(grounds, "异议的理由")
    with transaction():
        if (earlier := _sent_before(Objection, actor, form_id)) is not None:
            return earlier
        result = _published(actor, result_id, "异议")
        refuse_out_of_time(result, received)
        objection = Objection(
            agency_id=actor.agency_id,
            form_id=form_id,
            result_id=result.id,
            lodged_by=lodged_by.strip(),
            contact=contact.strip(),
            grounds=grounds.strip(),
            received_at=datetime.combine(received, time(12), SHANGHAI),
            registered_by_name=actor.name,
            status=RECEIVED,
        )
        db.session.add(objection)
        db.session.flush()
        record(
            actor,
            "objection.lodge",
            "objection",
            objection.id,
            after={"result": result.id, "received": received.isoformat(), "grounds": objection.grounds},
        )
        return objection


def uphold(actor: Actor, form_id: str, objection_id: int, opinion: str, wording: Wording) -> Correction:
    """The review found an error: decide so, and draft the correction for the head's signature."""
    with transaction():
        if (earlier := _sent_before(Correction, actor, form_id)) is not None:
            return earlier
        objection = _decide(actor, objection_id, UPHELD, opinion)
        return draft_correction(actor, form_id, objection.result_id, wording, opinion, objection.id)


def dismiss(actor: Actor, objection_id: int, opinion: str) -> Objection:
    """The review found no error: the result stands (维持)."""
    with transaction():
        return _decide(actor, objection_id, DISMISSED, opinion)


def turn_away(actor: Actor, objection_id: int, opinion: str) -> Objection:
    """Whoever lodged it is neither the inspected party nor sent by it, or it is no objection (不予受理)."""
    with transaction():
        return _decide(actor, objection_id, TURNED_AWAY, opinion)


def answer(actor: Actor, objection_id: int, how: str) -> Objection:
    """Keep that the party was told the outcome of the review, and how."""
    require(actor, Capability.HANDLE_OBJECTIONS)
    _ask(how, "反馈的方式")
    with transaction():
        objection = locked_objection(actor.agency_id, objection_id)
        if objection.decided_at is None:
            raise Refusal(OBJECTION_NOT_DECIDED)
        if objection.answered_at is None:
            objection.answered_at, objection.answered_how = now(), how.strip()
            record(actor, "objection.answer", "objection", objection.id, after={"how": how.strip()})
        return objection


def draft_correction(
    actor: Actor,
    form_id: str,
    result_id: int,
    wording: Wording,
    reason: str,
    objection_id: int | None = None,
) -> Correction:
    """Propose other words for a published result; nothing changes until the head has signed."""
    require(actor, Capability.HANDLE_OBJECTIONS)
    _ask(reason, "更正的理由")
    with transaction():
        if (earlier := _sent_before(Correction, actor, form_id)) is not None:
            return earlier
        result = _published(actor, result_id, "更正")
        before = _words(result)
        after = {
            "code": wording.code,
            "text": wording.text.strip(),
            "disposal": wording.disposal.strip(),
        }
        if wording.code not in result_codes():
            known = "、".join(code.text for code in result_codes().values())
            raise Refusal(CODE_NOT_OPEN, code=wording.code, open=known)
        _ask(after["text"], "更正后的检查情况")
        if not changes(before, after):
            raise Refusal(CORRECTION_CHANGES_NOTHING)
        correction = Correction(
            agency_id=actor.agency_id,
            form_id=form_id,
            result_id=result.id,
            objection_id=objection_id,
            before=before,
            after=after,
            reason=reason.strip(),
            drafted_by_name=actor.name,
            drafted_at=now(),
        )
        db.session.add(correction)
        db.session.flush()
        record(actor, "correction.draft", "result", result.id, before=before, after=after)
        return correction


def sign_correction(actor: Actor, correction_id: int) -> Correction:
    """The head signs: the result reads anew, the old words stay public beside it. Pressing twice signs once."""
    require(actor, Capability.SIGN_CORRECTIONS)
    with transaction():
        correction = locked_correction(actor.agency_id, correction_id)
        if correction.signed_at is not None:
            return correction
        result = result_of(actor.agency_id, correction.result_id)
        require_signatory(actor, rules_of_task(result.task_id), "correction.signatories")
        correction.before = _words(result)
        correction.signed_at, correction.signed_by_name = now(), actor.name
        result.code = correction.after["code"]
        result.text = correction.after["text"]
        result.disposal = correction.after["disposal"]
        db.session.flush()
        record(
            actor,
            "correction.sign",
            "result",
            result.id,
            before=correction.before,
            after=correction.after,
        )
        return correction


def refuse_out_of_time(result: Result, received: date) -> None:
    """Refuse an objection that came before the publication, or after the days that the rules give (003 art. 16)."""
    published = day_in_china(result.published_at) if result.published_at else today()
    if not published <= received <= today():
        raise Refusal(OBJECTION_NOT_YET_PUBLISHED, published=published.isoformat())
    limit = lodge_deadline(result)
    if limit is not None and not in_time(received, limit):
        remedies = rules_of_task(result.task_id).text("objection.remedies")
        raise Refusal(OBJECTION_TOO_LATE, limit.citation, due=limit.due.isoformat(), remedies=remedies)


def _decide(actor: Actor, objection_id: int, outcome: str, opinion: str) -> Objection:
    require(actor, Capability.HANDLE_OBJECTIONS)
    _ask(opinion, "复查意见")
    objection = locked_objection(actor.agency_id, objection_id)
    if objection.decided_at is not None:
        raise Refusal(OBJECTION_DECIDED, day=f"{day_in_china(objection.decided_at):%Y-%m-%d}")
    objection.status, objection.opinion = outcome, opinion.strip()
    objection.decided_at, objection.decided_by_name = now(), actor.name
    db.session.flush()
    record(
        actor,
        f"objection.{_DECISIONS[outcome]}",
        "objection",
        objection.id,
        after={"opinion": opinion.strip()},
    )
    return objection


def _sent_before(kind: type[Entry], actor: Actor, form_id: str) -> Entry | None:
    return db.session.scalar(select(kind).where(kind.form_id == form_id, kind.agency_id == actor.agency_id))


def _published(actor: Actor, result_id: int, what: str) -> Result:
    result = result_of(actor.agency_id, result_id)
    if result.published_at is None:
        raise Refusal(NOT_PUBLISHED, what=what)
    return result


def _words(result: Result) -> dict[str, str]:
    return {"code": result.code, "text": result.text, "disposal": result.disposal}


def _ask(words: str, what: str) -> None:
    if not words.strip():
        raise Refusal(REASON_NEEDED, what=what)
