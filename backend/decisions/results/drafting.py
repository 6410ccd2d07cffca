"""How results come in from the field: drafted when a leader approved, or when nothing could be inspected.

Both are reactions (backend/reactions.py): the person who acts is the inspector, whose own step was checked there.
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from backend.core.clock import day_in_china
from backend.core.errors import ALREADY_PUBLISHED, Refusal
from backend.decisions.approval.actions import keep_leaders_approval
from backend.decisions.approval.queries import leader_has_approved
from backend.decisions.results.models import Report, Result
from backend.decisions.results.queries import checked_matters, report_digest
from backend.decisions.results.rules.drafts import (
    ResultDraft,
    as_json,
    code_for_reason,
    drafts_of,
    drafts_without_inspection,
)
from backend.decisions.results.rules.reports import Inspected, report_body
from backend.fieldwork.checklists.queries import answers_of
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import task_of_matter
from backend.fieldwork.walk.rules import obstacle_in_public
from backend.foundation.audit.actions import record
from backend.foundation.permissions.actor import Actor
from backend.planning.tasks.queries import rules_of_task
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction


def draft_results(actor: Actor, visit_id: str) -> Report:
    """React to a leader's approval: one result per matter and the report they stand in. A second call changes nothing.

    A visit that had been opened again has its report drafted anew over the results it had.
    """
    with transaction():
        visit = db.session.get_one(Visit, visit_id)
        existing = _report_of_visit(visit_id)
        if existing is not None and leader_has_approved(visit_id, visit.digest or ""):
            return existing
        keep_leaders_approval(actor, visit_id, visit.digest or "")
        drafts = drafts_of(checked_matters(visit))
        return _redraft(actor, visit, existing, drafts) if existing else _draft(actor, visit, drafts, "")


def withdraw_results(actor: Actor, visit_id: str) -> None:
    """React to a visit's being opened again: its report stands no more until the leader approves once more.

    What is public is never changed this way; it is corrected (003 art. 16).
    """
    with transaction():
        report = _report_of_visit(visit_id)
        if report is None:
            return
        shown = [day for result in report.results if (day := result.published_at or result.withheld_at)]
        if shown:
            raise Refusal(ALREADY_PUBLISHED, day=f"{day_in_china(shown[0]):%Y-%m-%d}")
        before = {"digest": report_digest(report), "formedAt": str(report.formed_at or "")}
        report.formed_at = report.formed_by_name = None
        report.version += 1
        for result in report.results:
            result.formed_at = None
        record(actor, "result.withdraw", "visit", visit_id, before=before, after={"body": report.body})


def draft_results_without_inspection(actor: Actor, visit_id: str) -> Report:
    """React to a visit closed because nothing could be inspected: the reason is the result (003 art. 17)."""
    with transaction():
        visit = db.session.get_one(Visit, visit_id)
        if (existing := _report_of_visit(visit_id)) is not None:
            return existing
        reason = visit.closed_reason or ""
        drafts = drafts_without_inspection(checked_matters(visit), reason, _for_the_public(visit))
        return _draft(actor, visit, drafts, code_for_reason(reason).text)


def _for_the_public(visit: Visit) -> str:
    """What the team found, without those who told it; nothing of a note from the office, which names the evidence."""
    told = answers_of(visit.id).get("/exception") or {}
    return obstacle_in_public(told) if told.get("kind") == visit.closed_reason else ""


def _redraft(actor: Actor, visit: Visit, report: Report, drafts: Sequence[ResultDraft]) -> Report:
    before = {"digest": report_digest(report)}
    ended = _ended(visit)
    report.body, report.drafted_at = _body(visit, ended, drafts, ""), now()
    report.version += 1
    of_matter = {result.matter_id: result for result in report.results}
    for draft in drafts:
        result = of_matter[draft.matter_id]
        result.code, result.text, result.disposal = draft.code, draft.text, draft.disposal
        result.checks, result.found = as_json(draft.checks), as_json(draft.found)
        result.inspected_on = ended
    db.session.flush()
    after = {"digest": report_digest(report)}
    record(actor, "result.draft", "visit", visit.id, before=before, after=after)
    return report


def _ended(visit: Visit) -> date:
    return day_in_china(visit.submitted_at or visit.closed_at or now())


def _body(visit: Visit, ended: date, drafts: Sequence[ResultDraft], cannot_reason: str) -> list[list[str]]:
    began = day_in_china(visit.started_at) if visit.started_at else ended
    team = tuple(member.name for member in visit.members)
    inspected = Inspected(visit.entity_snapshot["name"], began, ended, team, cannot_reason)
    return report_body(rules_of_task(visit.task_id).words("report.fields"), inspected, drafts)


def _draft(actor: Actor, visit: Visit, drafts: Sequence[ResultDraft], cannot_reason: str) -> Report:
    ended = _ended(visit)
    report = Report(
        agency_id=visit.agency_id,
        visit_id=visit.id,
        task_id=visit.task_id,
        body=_body(visit, ended, drafts, cannot_reason),
        version=1,
        drafted_at=now(),
    )
    report.results = [_result(visit, draft, ended) for draft in drafts]
    db.session.add(report)
    db.session.flush()
    record(actor, "result.draft", "visit", visit.id, after={"digest": report_digest(report)})
    return report


def _result(visit: Visit, draft: ResultDraft, inspected_on: date) -> Result:
    entity = visit.entity_snapshot
    return Result(
        agency_id=visit.agency_id,
        department_id=visit.department_id,
        visit_id=visit.id,
        task_id=task_of_matter(visit, draft.matter_id),
        draw_id=visit.draw_id,
        matter_id=draft.matter_id,
        matter_name=draft.matter_name,
        entity_id=visit.entity_id,
        entity_name=entity["name"],
        entity_code=entity["code"],
        entity_kind=entity["kind"],
        entity_address=entity.get("address", ""),
        inspected_on=inspected_on,
        team=[{"name": member.name, "certificateNo": member.certificate_no} for member in visit.members],
        code=draft.code,
        text=draft.text,
        disposal=draft.disposal,
        checks=as_json(draft.checks),
        found=as_json(draft.found),
        channels=[],
    )


def _report_of_visit(visit_id: str) -> Report | None:
    return db.session.scalar(select(Report).where(Report.visit_id == visit_id))
