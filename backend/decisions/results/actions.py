"""What an officer and the head do with a report: complete it, form it, approve it or send it back."""

from collections.abc import Mapping
from dataclasses import dataclass

from backend.core.clock import day_in_china
from backend.core.errors import (
    ALREADY_PUBLISHED,
    CODE_NOT_OPEN,
    HEAD_DOES_NOT_APPROVE,
    REASON_NEEDED,
    REPORT_CHANGED,
    REPORT_FORMED,
    REPORT_INCOMPLETE,
    REPORT_NOT_FORMED,
    Refusal,
)
from backend.decisions.approval.actions import keep_heads_approval, keep_heads_return
from backend.decisions.approval.queries import head_has_approved
from backend.decisions.results.codes import result_codes
from backend.decisions.results.models import Report, Result
from backend.decisions.results.queries import locked_report, report_digest
from backend.decisions.results.rules.drafts import codes_open_to
from backend.decisions.results.rules.reports import OPINION_FIELD, empty_fields, opinion_of
from backend.foundation.audit.actions import record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.planning.tasks.queries import rules_of_task
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction


@dataclass(frozen=True)
class Wording:
    """What an officer may set on one result before it is published."""

    code: str
    text: str
    disposal: str


def save_report(
    actor: Actor, visit_id: str, version: int, body: Mapping[str, str], wordings: Mapping[int, Wording]
) -> Report:
    """Keep an officer's words. `version` is the one the officer saw; someone else's later save refuses this one.

    An opinion that nobody has worded otherwise follows what is set on the results.
    """
    require(actor, Capability.FORM_REPORTS)
    with transaction():
        report = _report_to_change(actor, visit_id, version)
        before = {"digest": report_digest(report)}
        opinion = opinion_of(report.results)
        for result in report.results:
            if result.id in wordings:
                _word(result, wordings[result.id])
        said = {name: body.get(name, words).strip() for name, words in report.body}
        if said.get(OPINION_FIELD) == opinion:
            said[OPINION_FIELD] = opinion_of(report.results)
        report.body = [[name, said[name]] for name, _ in report.body]
        report.version += 1
        report.saved_by_name = actor.name
        db.session.flush()
        record(
            actor, "report.save", "visit", visit_id, before=before, after={"digest": report_digest(report)}
        )
        return report


def form_report(
    actor: Actor, visit_id: str, version: int, body: Mapping[str, str], wordings: Mapping[int, Wording]
) -> Report:
    """Save, then form the report: from now on it stands, and the clock of publication runs (003 art. 15)."""
    require(actor, Capability.FORM_REPORTS)
    with transaction():
        report = save_report(actor, visit_id, version, body, wordings)
        missing = empty_fields(report.body)
        missing += [f"“{result.matter_name}”的处理意见" for result in report.results if not result.disposal]
        if missing:
            raise Refusal(
                REPORT_INCOMPLETE,
                rules_of_task(report.task_id).ground("report.fields"),
                missing="、".join(missing),
            )
        report.formed_at, report.formed_by_name = now(), actor.name
        for result in report.results:
            result.formed_at = report.formed_at
        db.session.flush()
        record(actor, "report.form", "visit", visit_id, after={"digest": report_digest(report)})
        return report


def approve_report(actor: Actor, visit_id: str) -> Report:
    """The head approves a formed report, where the profile asks for it."""
    require(actor, Capability.APPROVE_RESULTS)
    with transaction():
        report = _formed_report(actor, visit_id)
        fingerprint = report_digest(report)
        if not head_has_approved(visit_id, fingerprint):
            keep_heads_approval(actor, visit_id, fingerprint)
            record(actor, "result.approve", "visit", visit_id, after={"digest": fingerprint})
        return report


def return_report(actor: Actor, visit_id: str, reason: str) -> Report:
    """The head sends a formed report back to the officer; it is formed anew afterwards."""
    require(actor, Capability.APPROVE_RESULTS)
    if not reason.strip():
        raise Refusal(REASON_NEEDED, what="退回的原因")
    with transaction():
        report = _formed_report(actor, visit_id)
        published = [result.published_at for result in report.results if result.published_at]
        if published:
            raise Refusal(ALREADY_PUBLISHED, day=f"{day_in_china(published[0]):%Y-%m-%d}")
        keep_heads_return(actor, visit_id, report_digest(report), reason.strip())
        report.formed_at = report.formed_by_name = None
        report.version += 1
        record(actor, "result.return", "visit", visit_id, after={"reason": reason.strip()})
        return report


def _word(result: Result, wording: Wording) -> None:
    possible = codes_open_to(result.code, result.found)
    if wording.code not in [code.slug for code in possible]:
        known = result_codes().get(wording.code)
        raise Refusal(
            CODE_NOT_OPEN,
            code=known.text if known else wording.code,
            open="、".join(code.text for code in possible),
        )
    if not wording.text.strip():
        raise Refusal(REASON_NEEDED, what=f"“{result.matter_name}”的检查情况")
    result.code, result.text, result.disposal = wording.code, wording.text.strip(), wording.disposal.strip()


def _report_to_change(actor: Actor, visit_id: str, version: int) -> Report:
    report = locked_report(actor.agency_id, visit_id)
    if report.formed_at is not None:
        raise Refusal(REPORT_FORMED, day=f"{day_in_china(report.formed_at):%Y-%m-%d}")
    if report.version != version:
        raise Refusal(REPORT_CHANGED, by=report.saved_by_name or "同事")
    return report


def _formed_report(actor: Actor, visit_id: str) -> Report:
    report = locked_report(actor.agency_id, visit_id)
    if not rules_of_task(report.task_id).flag("result.head_approves"):
        raise Refusal(HEAD_DOES_NOT_APPROVE)
    if report.formed_at is None:
        raise Refusal(REPORT_NOT_FORMED)
    return report
