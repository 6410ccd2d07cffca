"""Reads of dossiers: which there are, what each holds by now, what it lacks, until when it is to be bound."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib.metadata import version

from sqlalchemy import Select, select

from backend.core.clock import day_in_china
from backend.core.errors import NOT_FOUND, Refusal
from backend.core.workdays import Deadline, WorkCalendar
from backend.decisions.approval.queries import head_has_approved
from backend.decisions.objections.models import Correction, Objection
from backend.decisions.results.models import Result
from backend.decisions.results.queries import report_digest, results_of
from backend.fieldwork.checklists.queries import answers_of, candidates_of
from backend.fieldwork.visits.clocks import tasks_done
from backend.fieldwork.visits.completeness import is_signed_in_ink
from backend.fieldwork.visits.models import Visit, VisitMember
from backend.fieldwork.visits.queries import rules_of
from backend.fieldwork.walk.rules import asks_for_checklists
from backend.foundation.accounts.models import Agency as AgencyRow
from backend.foundation.accounts.models import Department
from backend.foundation.jobs.models import Job
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import work_calendar
from backend.foundation.rule_profiles.rules import RuleProfile, RunningDeadline, deadline
from backend.planning.tasks.left_out_steps import left_out_words
from backend.planning.tasks.queries import rules_of_tasks
from backend.plumbing.db import db
from backend.records.documents.content import Agency, AuditExtract, Closing, DossierContent, Gap, Shelfmark
from backend.records.documents.order import bound_documents
from backend.records.dossier import (
    checklist_parts,
    decision_parts,
    evidence_parts,
    planning_parts,
    visit_parts,
    walk_parts,
)
from backend.records.dossier.models import Dossier
from backend.records.dossier.rules import Circumstances, gaps_of, retention
from backend.records.dossier.trail_parts import audit_extract

UNNAMED_DEPARTMENT = "办公室"


@dataclass(frozen=True)
class Standing:
    """What an open dossier amounts to at one moment."""

    content: DossierContent
    gaps: tuple[Gap, ...]


def dossier_of(agency_id: int, dossier_id: int) -> Dossier:
    """One dossier of this agency as it is now; another agency's is not found."""
    dossier = db.session.get(Dossier, dossier_id, populate_existing=True)
    if dossier is None or dossier.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="这份卷宗")
    return dossier


def dossier_for(actor: Actor, dossier_id: int) -> Dossier:
    """One dossier that the person may see; an inspector finds only those of visits of their own teams."""
    dossier = dossier_of(actor.agency_id, dossier_id)
    if db.session.scalar(visible_dossiers(actor).where(Dossier.id == dossier.id)) is None:
        raise Refusal(NOT_FOUND, what="这份卷宗")
    return dossier


def visible_dossiers(actor: Actor) -> Select[Dossier]:
    """The agency's dossiers that the person may see: as with visits, all for the office, an inspector's own teams'."""
    query = select(Dossier).where(Dossier.agency_id == actor.agency_id)
    if actor.may(Capability.SEE_EVERY_VISIT):
        return query
    own = select(VisitMember.visit_id).where(VisitMember.user_id == actor.user_id)
    return query.where(Dossier.visit_id.in_(own))


def dossiers_for(actor: Actor, status: str | None, before: int | None, limit: int) -> list[Dossier]:
    """The dossiers that the person may see, newest first, below id `before` (keyset paging)."""
    query = visible_dossiers(actor)
    if status:
        query = query.where(Dossier.status == status)
    if before is not None:
        query = query.where(Dossier.id < before)
    return list(db.session.scalars(query.order_by(Dossier.id.desc()).limit(limit)))


def dossiers_of_visit(visit_id: str) -> list[Dossier]:
    """The first volume and its supplements."""
    return list(
        db.session.scalars(select(Dossier).where(Dossier.visit_id == visit_id).order_by(Dossier.volume))
    )


def sealed_dossiers(agency_id: int, year: int | None) -> list[Dossier]:
    """Sealed dossiers in the order of their archive numbers."""
    query = select(Dossier).where(Dossier.agency_id == agency_id, Dossier.status == "sealed")
    if year is not None:
        query = query.where(Dossier.archive_year == year)
    return list(
        db.session.scalars(query.order_by(Dossier.archive_year, Dossier.archive_serial, Dossier.volume))
    )


def deadline_of(dossier: Dossier) -> Deadline | None:
    """Until when the dossier is to be bound and kept, counted from the day its task is done (003 art. 19)."""
    return deadlines_of(dossier.agency_id, [dossier])[dossier.id]


def deadlines_of(
    agency_id: int, dossiers: Sequence[Dossier], calendar: WorkCalendar | None = None
) -> dict[int, Deadline | None]:
    """The deadline of each dossier by id, the rules and the calendar read once."""
    calendar = calendar or work_calendar(agency_id)
    visits = visits_behind(dossiers)
    task_of = {each.id: visits[each.visit_id].task_id for each in dossiers}
    done, rules = tasks_done(task_of.values()), rules_of_tasks(task_of.values())
    return {
        dossier_id: deadline(rules[task_id], calendar, "archive", done[task_id])
        for dossier_id, task_id in task_of.items()
    }


def tell_deadlines(agency_id: int, calendar: WorkCalendar, found: list[RunningDeadline]) -> None:
    """Answer `deadlines.asked` with the day by which each open dossier is to be bound."""
    still_open = select(Dossier).where(Dossier.agency_id == agency_id, Dossier.status != "sealed")
    dossiers = list(db.session.scalars(still_open.order_by(Dossier.id)))
    visits = visits_behind(dossiers)
    for dossier_id, until in deadlines_of(agency_id, dossiers, calendar).items():
        if until is not None:
            visit = next(visits[each.visit_id] for each in dossiers if each.id == dossier_id)
            found.append(RunningDeadline("dossier", str(dossier_id), visit.entity_snapshot["name"], until))


def job_of_dossier(dossier: Dossier) -> Job | None:
    """The printing that was asked for last."""
    return db.session.get(Job, dossier.job_id) if dossier.job_id is not None else None


def gaps_of_each(dossiers: Sequence[Dossier], as_of: datetime) -> dict[int, tuple[Gap, ...]]:
    """What each open dossier lacks, by id."""
    return {each.id: standing_of(each, as_of, trail=False).gaps for each in dossiers}


def standing_of(dossier: Dossier, as_of: datetime, trail: bool = True) -> Standing:
    """The dossier as it would be bound at `as_of`, and everything it lacks. Without `trail` the audit extract stays out."""
    visit = db.session.get_one(Visit, dossier.visit_id)
    profile = rules_of(visit)
    results = results_of(visit.id)
    content = _content(dossier, visit, profile, results, as_of)
    if trail:
        volumes = [each.id for each in dossiers_of_visit(visit.id)]
        content = replace(content, audit=audit_extract(visit, results, volumes))
    if dossier.volume > 1:
        return Standing(_later_than_first_volume(content, dossier), ())
    return Standing(content, gaps_of(content, _circumstances(visit, content, results, profile), profile))


def _content(
    dossier: Dossier, visit: Visit, profile: RuleProfile, results: list[Result], as_of: datetime
) -> DossierContent:
    answers = answers_of(visit.id)
    photos = evidence_parts.photos(visit)
    files = evidence_parts.files(visit)
    lists = checklist_parts.checklists(visit, answers, photos, files)
    notice_name = profile.text("notice.name") or "检查通知书"
    content = DossierContent(
        visit_id=visit.id,
        as_of=as_of,
        software=f"yaohao {version('yaohao')}",
        shelfmark=_shelfmark(dossier, visit, results, as_of),
        agency=_agency(visit),
        party=visit_parts.party(visit),
        matters=visit_parts.matters(visit),
        team=visit_parts.team(visit),
        task=planning_parts.task_notice(visit),
        draw=planning_parts.draw_proof(visit, day_in_china(as_of)),
        received=planning_parts.received_list(visit),
        matching=planning_parts.matching(visit),
        notice=visit_parts.notice(visit, answers, profile),
        checklists=lists,
        record=visit_parts.on_site_record(visit, answers, notice_name),
        cannot_inspect=visit_parts.cannot_inspect(visit, profile),
        photos=photos,
        evidence=files,
        signatures=visit_parts.signatures(visit),
        refusal=visit_parts.refusal(visit, profile),
        pre_check=walk_parts.pre_check(visit, answers),
        off_site=walk_parts.off_site(answers),
        rectification=walk_parts.rectification(visit, answers, lists),
        stop_order=walk_parts.stop_order(visit, answers, lists),
        evidence_taken=walk_parts.evidence_taken(answers),
        conclusions=walk_parts.conclusions(visit, answers),
        handed_over=walk_parts.handed_over(answers),
        absent=walk_parts.absentees(visit, answers),
        signed_in_ink=is_signed_in_ink(visit, answers, visit.digest or ""),
        report=decision_parts.report(results),
        approvals=decision_parts.approvals(visit.id),
        publications=decision_parts.publications(results),
        objections=decision_parts.objections(results),
        corrections=decision_parts.corrections(results),
        referrals=decision_parts.referrals(results),
        closing=_closing(dossier, visit, as_of),
    )
    used = {document.number for document in bound_documents(content)}
    marked = replace(content.shelfmark, retention=retention(content))
    return replace(content, shelfmark=marked, numbers=visit_parts.numbers(visit, used))


def _later_than_first_volume(content: DossierContent, dossier: Dossier) -> DossierContent:
    """What a supplement holds: only what came after the first volume was sealed."""
    first = dossiers_of_visit(dossier.visit_id)[0]
    assert first.sealed_at is not None, "a supplement follows a sealed volume"
    sealed_at, sealed_on = first.sealed_at, day_in_china(first.sealed_at)
    audit = content.audit or AuditExtract((), 0, "")
    return replace(
        content,
        draw=None,
        received=None,
        matching=None,
        pre_check=None,
        notice=None,
        checklists=(),
        record=None,
        cannot_inspect=None,
        photos=(),
        evidence=(),
        signatures=(),
        refusal=None,
        rectification=None,
        stop_order=None,
        evidence_taken=None,
        off_site=None,
        conclusions=(),
        handed_over=(),
        report=None,
        approvals=tuple(each for each in content.approvals if each.at > sealed_at),
        publications=tuple(p for p in content.publications if p.published_at and p.published_at > sealed_at),
        objections=tuple(o for o in content.objections if (o.answered_on or o.lodged_on) >= sealed_on),
        corrections=tuple(c for c in content.corrections if c.corrected_on >= sealed_on),
        referrals=tuple(r for r in content.referrals if r.referred_on >= sealed_on),
        audit=replace(audit, lines=tuple(line for line in audit.lines if line.at > sealed_at)),
        numbers=(),
    )


def _circumstances(
    visit: Visit, content: DossierContent, results: list[Result], profile: RuleProfile
) -> Circumstances:
    report = results[0].report if results else None
    ids = [result.id for result in results]
    objections = list(db.session.scalars(select(Objection).where(Objection.result_id.in_(ids))))
    unsigned = select(Correction.id).where(Correction.result_id.in_(ids), Correction.signed_at.is_(None))
    return Circumstances(
        drawn=visit.draw_id is not None,
        left_out_steps=frozenset(visit.task.left_out_steps),
        unanswered=checklist_parts.unanswered(visit)
        if asks_for_checklists(visit.procedure, answers_of(visit.id))
        else (),
        conflicts=len({candidate.path for candidate in candidates_of(visit.id)}),
        missing_originals=evidence_parts.missing_originals(visit, content.photos, content.evidence),
        head_must_approve=profile.flag("result.head_approves"),
        head_has_approved=report is not None and head_has_approved(visit.id, report_digest(report)),
        undecided_objections=sum(each.decided_at is None for each in objections),
        unanswered_objections=sum(bool(each.decided_at and not each.answered_at) for each in objections),
        unsigned_corrections=len(db.session.scalars(unsigned).all()),
    )


def _shelfmark(dossier: Dossier, visit: Visit, results: list[Result], as_of: datetime) -> Shelfmark:
    names = "、".join(matter["name"] for matter in visit.matters)
    return Shelfmark(
        volume=dossier.volume,
        archive_no=dossier.archive_no,
        reference=dossier.reference,
        retention="",
        file_number=visit.serial,
        title=f"{visit.entity_snapshot['name']}{names}抽查检查卷",
        begun_on=day_in_china(visit.dispatched_at),
        ended_on=_ended_on(visit, results),
        sealed_at=as_of if dossier.status == "sealing" else None,
        sealed_by=dossier.asked_by_name if dossier.status == "sealing" else None,
    )


def _ended_on(visit: Visit, results: list[Result]) -> date:
    last = decision_parts.last_step(results) or visit.approved_at or visit.closed_at or visit.submitted_at
    return day_in_china(last) if last else visit.window_to


def _agency(visit: Visit) -> Agency:
    agency = db.session.get_one(AgencyRow, visit.agency_id)
    department = db.session.get(Department, visit.department_id) if visit.department_id else None
    return Agency(
        agency.name,
        department.name if department else UNNAMED_DEPARTMENT,
        agency.code,
        agency.fonds_no,
        agency.doc_prefix,
    )


def _closing(dossier: Dossier, visit: Visit, as_of: datetime) -> Closing:
    leader = next((member.name for member in visit.members if member.is_leader), "")
    return Closing(
        bound_by=leader,
        bound_on=day_in_china(as_of),
        checked_by=dossier.asked_by_name or "",
        remarks=(
            *(f"检查程序删减：{words}" for words in left_out_words(visit.task.left_out_steps)),
            *(line.strip() for line in dossier.remarks.splitlines() if line.strip()),
        ),
        gap_reason=dossier.gap_reason,
    )


def visits_behind(dossiers: Sequence[Dossier]) -> dict[str, Visit]:
    """The visits behind these dossiers by id."""
    ids = [dossier.visit_id for dossier in dossiers]
    return {visit.id: visit for visit in db.session.scalars(select(Visit).where(Visit.id.in_(ids)))}
