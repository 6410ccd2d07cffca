"""Reads of results and reports for the office, each report with its running deadlines."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import InstrumentedAttribute, selectinload

from backend.core.canonical_json import digest
from backend.core.clock import SHANGHAI, day_in_china
from backend.core.errors import NOT_FOUND, Refusal
from backend.core.workdays import Deadline, WorkCalendar
from backend.decisions.results.codes import result_codes
from backend.decisions.results.models import Report, Result
from backend.decisions.results.rules.clocks import publication_counts_from
from backend.decisions.results.rules.drafts import CheckedMatter
from backend.fieldwork.checklists.models import Answer, Form
from backend.fieldwork.visits.clocks import tasks_done
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.walk.rules import asks_for_checklists
from backend.foundation.rule_profiles.queries import work_calendar
from backend.foundation.rule_profiles.rules import RuleProfile, RunningDeadline, deadline
from backend.planning.tasks.queries import rules_of_tasks
from backend.plumbing.clock import today
from backend.plumbing.db import db

Among = Collection[str] | None
"""The visits that somebody may see, by id; None stands for all of the agency's."""


@dataclass(frozen=True)
class Clocks:
    """The deadlines of one report: to form it (None where the rules set none), and to publish its results."""

    task_done: date
    report: Deadline | None
    publication: Deadline | None


@dataclass(frozen=True)
class ReportLine:
    """One report on a list: with its visit and the clock that runs now."""

    report: Report
    visit: Visit
    clocks: Clocks

    @property
    def running(self) -> Deadline | None:
        formed = self.report.formed_at is not None
        return self.clocks.publication if formed else self.clocks.report or self.clocks.publication

    @property
    def open_results(self) -> list[Result]:
        return [result for result in self.report.results if is_open(result)]


def is_open(result: Result) -> bool:
    """Whether a result is neither published nor withheld."""
    return result.published_at is None and result.withheld_at is None


def report_of(agency_id: int, visit_id: str) -> Report:
    """The agency's report of this visit; refused as not found otherwise."""
    found = db.session.scalar(
        select(Report).where(Report.agency_id == agency_id, Report.visit_id == visit_id)
    )
    if found is None:
        raise Refusal(NOT_FOUND, what="这次检查的结果")
    return found


def locked_report(agency_id: int, visit_id: str) -> Report:
    """The report, its row locked until the transaction ends, and its results as they are under that lock."""
    report_id = report_of(agency_id, visit_id).id
    locked = (
        select(Report)
        .where(Report.id == report_id)
        .options(selectinload(Report.results))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(locked).one()


def result_of(agency_id: int, result_id: int) -> Result:
    """The agency's result with this id; refused as not found otherwise."""
    found = db.session.scalar(select(Result).where(Result.agency_id == agency_id, Result.id == result_id))
    if found is None:
        raise Refusal(NOT_FOUND, what="这项结果")
    return found


def results_of(visit_id: str) -> list[Result]:
    """Every result of a visit, one per matter."""
    return list(db.session.scalars(select(Result).where(Result.visit_id == visit_id).order_by(Result.id)))


def report_lines(agency_id: int, formed: bool, among: Among = None) -> list[ReportLine]:
    """Reports still to be formed, or formed and still to be published; the most urgent first."""
    state = Report.formed_at.is_not(None) if formed else Report.formed_at.is_(None)
    query = _open_reports(agency_id, among).where(state).options(selectinload(Report.results))
    lines = with_clocks(agency_id, list(db.session.scalars(query)))
    return sorted(lines, key=lambda line: (line.running.due if line.running else date.max, line.report.id))


def stage_counts(agency_id: int, among: Among = None) -> Mapping[str, int]:
    """How many visits wait for their leader, how many reports are to form and to publish, how many results are public."""
    open_reports = _open_reports(agency_id, among).subquery()
    submitted = select(Visit.id).where(Visit.agency_id == agency_id, Visit.status == "submitted")
    return {
        "to_approve": _count(submitted.where(_is_among(Visit.id, among))),
        "to_report": _count(select(open_reports.c.id).where(open_reports.c.formed_at.is_(None))),
        "to_publish": _count(select(open_reports.c.id).where(open_reports.c.formed_at.is_not(None))),
        "published": _count(
            select(Result.id).where(Result.agency_id == agency_id, Result.published_at.is_not(None))
        ),
    }


def submitted_visits(agency_id: int, among: Among = None) -> list[tuple[Visit, Clocks]]:
    """Visits that wait for their leader's approval, the most urgent first, with the clocks that already run."""
    query = select(Visit).where(Visit.agency_id == agency_id, Visit.status == "submitted")
    visits = list(db.session.scalars(query.where(_is_among(Visit.id, among)).order_by(Visit.submitted_at)))
    calendar, of_tasks = work_calendar(agency_id), {visit.task_id for visit in visits}
    done, rules = tasks_done(of_tasks), rules_of_tasks(of_tasks)
    return [(visit, _clocks(rules[visit.task_id], calendar, done[visit.task_id], None)) for visit in visits]


def published_lines(
    agency_id: int,
    before: tuple[datetime, int] | None,
    limit: int,
    withheld: bool = False,
    among: Among = None,
) -> list[Result]:
    """The newest published (or withheld) results, below `before` (keyset paging)."""
    moment = Result.withheld_at if withheld else Result.published_at
    query = select(Result).where(Result.agency_id == agency_id, moment.is_not(None))
    query = query.where(_is_among(Result.visit_id, among))
    if before is not None:
        at, number = before
        query = query.where((moment < at) | ((moment == at) & (Result.id < number)))
    return list(db.session.scalars(query.order_by(moment.desc(), Result.id.desc()).limit(limit)))


def with_clocks(
    agency_id: int, reports: Sequence[Report], calendar: WorkCalendar | None = None
) -> list[ReportLine]:
    """Each report with its visit and deadlines, the rules and the calendar read once."""
    calendar, of_tasks = calendar or work_calendar(agency_id), {report.task_id for report in reports}
    visits = {
        visit.id: visit
        for visit in db.session.scalars(
            select(Visit).where(Visit.id.in_([report.visit_id for report in reports]))
        )
    }
    done, rules = tasks_done(of_tasks), rules_of_tasks(of_tasks)
    return [
        ReportLine(
            report,
            visits[report.visit_id],
            _clocks(rules[report.task_id], calendar, done[report.task_id], report.formed_at),
        )
        for report in reports
    ]


def visits_published_late(agency_id: int, tasks: Collection[int]) -> set[str]:
    """Visits of these tasks with a result that was published after its deadline, or still is not though that is over."""
    at_hand = select(Report.visit_id, Report.task_id, Report.formed_at, Result.published_at).join(
        Result, Result.report_id == Report.id
    )
    rows = db.session.execute(
        at_hand.where(Report.agency_id == agency_id, Report.task_id.in_(tasks), Result.withheld_at.is_(None))
    ).all()
    calendar, done, rules = work_calendar(agency_id), tasks_done(tasks), rules_of_tasks(tasks)
    late = set()
    for visit_id, task_id, formed_at, published_at in rows:
        due = _clocks(rules[task_id], calendar, done[task_id], formed_at).publication
        if due is not None and (day_in_china(published_at) if published_at else today()) > due.due:
            late.add(visit_id)
    return late


def tell_passed(agency_id: int, year: int, found: Mapping[int, set[int]]) -> None:
    """Answer `passed.asked`: into `found`, by matter, the entities whose last formed result of the year is in order."""
    begin, end = (datetime.combine(date(y, 1, 1), time(), SHANGHAI) for y in (year, year + 1))
    clean = {slug for slug, code in result_codes().items() if code.tone == "clean"}
    query = select(Result.matter_id, Result.entity_id, Result.code).where(
        Result.agency_id == agency_id,
        Result.matter_id.in_(found),
        Result.formed_at >= begin,
        Result.formed_at < end,
    )
    for matter_id, entity_id, code in db.session.execute(query.order_by(Result.formed_at, Result.id)):
        if code in clean:
            found[matter_id].add(entity_id)
        else:
            found[matter_id].discard(entity_id)


def tell_deadlines(agency_id: int, calendar: WorkCalendar, found: list[RunningDeadline]) -> None:
    """Answer `deadlines.asked` with the clocks of the reports that are not all published yet."""
    reports = list(db.session.scalars(_open_reports(agency_id).order_by(Report.id)))
    for line in with_clocks(agency_id, reports, calendar):
        to_form = line.clocks.report if line.report.formed_at is None else None
        found += [
            RunningDeadline("report", line.visit.id, line.visit.entity_snapshot["name"], each)
            for each in (to_form, line.clocks.publication)
            if each is not None
        ]


def line_of(report: Report) -> ReportLine:
    """One report with its visit and deadlines."""
    (line,) = with_clocks(report.agency_id, [report])
    return line


def checked_matters(visit: Visit) -> list[CheckedMatter]:
    """The visit's matters, each with its pinned form and the answers to its items."""
    answers = {
        answer.path: answer.value
        for answer in db.session.scalars(select(Answer).where(Answer.visit_id == visit.id))
    }
    shas = {matter["formSha"] for matter in visit.matters if matter.get("formSha")}
    forms = {form.sha: form.content for form in db.session.scalars(select(Form).where(Form.sha.in_(shas)))}
    return [
        CheckedMatter(
            matter["matterId"],
            matter["name"],
            forms.get(matter.get("formSha") or ""),
            _answers_below(answers, f"/matters/{matter['matterId']}/items/"),
            answers.get(f"/results/{matter['matterId']}") or {},
            not asks_for_checklists(visit.procedure, answers),
        )
        for matter in visit.matters
    ]


def report_digest(report: Report) -> str:
    """The fingerprint of what the head approves and the public will read."""
    results = [[result.matter_id, result.code, result.text, result.disposal] for result in report.results]
    return digest({"visitId": report.visit_id, "body": report.body, "results": results})


def _clocks(
    profile: RuleProfile, calendar: WorkCalendar, task_done: date, formed_at: datetime | None
) -> Clocks:
    to_form = deadline(profile, calendar, "report", task_done)
    formed = day_in_china(formed_at) if formed_at else None
    counts_from = profile.text("publication.counts_from")
    start = publication_counts_from(counts_from, task_done, formed, to_form.due if to_form else None)
    return Clocks(task_done, to_form, deadline(profile, calendar, "publication", start))


def _open_reports(agency_id: int, among: Among = None) -> Select[Report]:
    still_open = select(Result.report_id).where(Result.published_at.is_(None), Result.withheld_at.is_(None))
    query = select(Report).where(Report.agency_id == agency_id, Report.id.in_(still_open))
    return query.where(_is_among(Report.visit_id, among))


def _is_among(visit_id: InstrumentedAttribute[str], among: Among) -> ColumnElement[bool]:
    return true() if among is None else visit_id.in_(among)


def _answers_below(answers: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {path[len(prefix) :]: value for path, value in answers.items() if path.startswith(prefix)}


def _count(query: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
