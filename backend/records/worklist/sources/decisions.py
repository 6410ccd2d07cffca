"""From the team leader's approval to the answered objection: reports, approval, publication, review, correction."""

from collections.abc import Iterator
from datetime import date

from flask import url_for

from backend.decisions.approval.queries import head_has_approved
from backend.decisions.objections.queries import ObjectionLine, objection_lines, unsigned_corrections
from backend.decisions.results.codes import result_codes
from backend.decisions.results.queries import ReportLine, report_digest, report_lines
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.signatories import may_sign
from backend.planning.tasks.queries import rules_of_tasks
from backend.records.worklist.rules import WorkItem
from backend.records.worklist.teams import team_words


def share(actor: Actor, today: date) -> list[WorkItem]:
    """Each step for those whose duty it is."""
    return [*_reports(actor), *_publications(actor), *_objections(actor), *_corrections(actor)]


def _reports(actor: Actor) -> Iterator[WorkItem]:
    if not actor.may(Capability.FORM_REPORTS):
        return
    for line in report_lines(actor.agency_id, formed=False):
        yield _of_report(line, "报告", "file-text", "形成结果报告")


def _publications(actor: Actor) -> Iterator[WorkItem]:
    approves, publishes = actor.may(Capability.APPROVE_RESULTS), actor.may(Capability.PUBLISH_RESULTS)
    if not approves and not publishes:
        return
    lines = report_lines(actor.agency_id, formed=True)
    rules = rules_of_tasks({line.report.task_id for line in lines})
    for line in lines:
        head_approves = rules[line.report.task_id].flag("result.head_approves")
        waits = head_approves and not head_has_approved(line.report.visit_id, report_digest(line.report))
        if waits and approves:
            yield _of_report(line, "审批", "stamp", "审批检查结果")
        elif not waits and publishes:
            yield _of_report(line, "公示", "megaphone", "结果还没公示")


def _of_report(line: ReportLine, verb: str, icon: str, what: str) -> WorkItem:
    return WorkItem(
        verb=verb,
        icon=icon,
        title=f"{what}：{line.visit.entity_snapshot['name']}",
        detail=f"{line.visit.task_title}　{team_words(line.visit)}　{_found(line)}",
        href=url_for("publication.visit_results", visit_id=line.visit.id),
        deadline=line.running,
    )


def _found(line: ReportLine) -> str:
    """What the results say, as proposed: how many found something, else each result once."""
    failed = sum(1 for result in line.report.results if result.found)
    if failed:
        return f"{failed} 项事项发现问题"
    said = "、".join(dict.fromkeys(result_codes()[result.code].text for result in line.report.results))
    return f"无法检查：{said}" if line.visit.closed_reason else said


def _objections(actor: Actor) -> Iterator[WorkItem]:
    if not actor.may(Capability.HANDLE_OBJECTIONS):
        return
    for line in objection_lines(actor.agency_id):
        if line.is_open:
            yield _of_objection(line)


def _of_objection(line: ObjectionLine) -> WorkItem:
    objection = line.objection
    decided = objection.decided_at is not None
    return WorkItem(
        verb="答复" if decided else "复查",
        icon="send" if decided else "scale",
        title=f"异议{'答复' if decided else '复查'}：{objection.result.entity_name}",
        detail=objection.result.matter_name,
        href=url_for("objections.objection", objection_id=objection.id),
        deadline=line.running,
    )


def _corrections(actor: Actor) -> Iterator[WorkItem]:
    if not actor.may(Capability.SIGN_CORRECTIONS):
        return
    unsigned = unsigned_corrections(actor.agency_id)
    rules = rules_of_tasks({correction.result.task_id for correction in unsigned})
    for correction in unsigned:
        if not may_sign(actor, rules[correction.result.task_id], "correction.signatories"):
            continue
        yield WorkItem(
            verb="签字",
            icon="signature",
            title=f"更正公示结果：{correction.result.entity_name}",
            detail=f"{correction.result.matter_name}　{correction.drafted_by_name}拟",
            href=url_for("objections.correction", correction_id=correction.id),
            ground=rules[correction.result.task_id].ground("correction.signed_by"),
        )
