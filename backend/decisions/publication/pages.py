"""The office's pages of results: three lists by what is to be done, and one page on which a visit's results are decided."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.core.errors import Refusal
from backend.decisions.approval.queries import approvals_of, head_has_approved
from backend.decisions.objections.queries import corrections_of
from backend.decisions.publication.actions import publish as publish_results
from backend.decisions.publication.actions import withhold as withhold_result
from backend.decisions.referrals.queries import referrals_from
from backend.decisions.results import actions
from backend.decisions.results.actions import Wording
from backend.decisions.results.codes import disposals, result_codes
from backend.decisions.results.disclosure import public_code, public_name, public_text
from backend.decisions.results.queries import (
    is_open,
    line_of,
    published_lines,
    report_digest,
    report_lines,
    report_of,
    result_of,
    stage_counts,
    submitted_visits,
)
from backend.decisions.results.rules.drafts import codes_open_to
from backend.decisions.results.rules.reports import OPINION_FIELD
from backend.fieldwork.visits.queries import visit_for, visits_open_to
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.planning.tasks.queries import rules_of_task

blueprint = Blueprint("publication", __name__, url_prefix="/office/results", template_folder="templates")

PAGE = 50
STAGES = {
    "to_approve": "待组长签批",
    "to_report": "待形成报告",
    "to_publish": "待公示",
    "published": "已公示",
    "withheld": "不予公开",
}

Answer = str | Response | tuple[str, int]


@blueprint.get("")
@may(Capability.SEE_RESULTS)
def results() -> str:
    """What is to be reported, to be published, and what is public."""
    agency_id, among = current_actor().agency_id, visits_open_to(current_actor())
    counts = stage_counts(agency_id, among)
    stage = request.args.get("stage", "")
    if stage not in STAGES:
        stage = next((one for one in ("to_report", "to_publish", "to_approve") if counts[one]), "published")
    common = {"stage": stage, "stages": STAGES, "counts": counts, "codes": result_codes()}
    if stage == "to_approve":
        return render_template(
            "publication/to_approve.html", visits=submitted_visits(agency_id, among), **common
        )
    if stage in ("published", "withheld"):
        withheld = stage == "withheld"
        lines = published_lines(agency_id, _before(), PAGE + 1, withheld, among if withheld else None)
        more = len(lines) > PAGE
        return render_template("publication/published.html", lines=lines[:PAGE], more=more, **common)
    lines_to_do = report_lines(agency_id, formed=stage == "to_publish", among=among)
    return render_template("publication/open.html", lines=lines_to_do, **common)


@blueprint.get("/<visit_id>")
@may(Capability.SEE_RESULTS)
def visit_results(visit_id: str) -> str:
    """The report and results of one visit, with whatever this person may do next."""
    return _page(visit_id, None)


@blueprint.post("/<visit_id>/report")
@may(Capability.FORM_REPORTS)
def save_report(visit_id: str) -> Answer:
    """Save the report, or save and form it."""
    form = request.form
    verb = actions.form_report if form.get("step") == "form" else actions.save_report

    def save() -> None:
        report = report_of(current_actor().agency_id, visit_id)
        body = {name: form.get(f"field-{n}", words) for n, (name, words) in enumerate(report.body)}
        wordings = {
            result.id: Wording(
                form.get(f"code-{result.id}", result.code),
                form.get(f"text-{result.id}", result.text),
                form.get(f"disposal-{result.id}", result.disposal),
            )
            for result in report.results
        }
        verb(current_actor(), visit_id, form.get("version", 0, type=int), body, wordings)

    return _do(visit_id, save)


@blueprint.post("/<visit_id>/approvals")
@may(Capability.APPROVE_RESULTS)
def approve(visit_id: str) -> Answer:
    """The head approves."""
    return _do(visit_id, lambda: actions.approve_report(current_actor(), visit_id))


@blueprint.post("/<visit_id>/returns")
@may(Capability.APPROVE_RESULTS)
def send_back(visit_id: str) -> Answer:
    """The head sends the report back."""
    return _do(
        visit_id,
        lambda: actions.return_report(current_actor(), visit_id, request.form.get("reason", "")),
    )


@blueprint.post("/<visit_id>/publications")
@may(Capability.PUBLISH_RESULTS)
def publish(visit_id: str) -> Answer:
    """Publish the visit's results through the ticked channels."""
    return _do(
        visit_id,
        lambda: publish_results(current_actor(), visit_id, request.form.getlist("channels")),
    )


@blueprint.post("/items/<int:result_id>/withholdings")
@may(Capability.PUBLISH_RESULTS)
def withhold(result_id: int) -> Answer:
    """Keep one result from the public, with the reason."""
    form = request.form
    visit_id = result_of(current_actor().agency_id, result_id).visit_id
    return _do(
        visit_id,
        lambda: withhold_result(current_actor(), result_id, form.get("reason", ""), form.get("told_to", "")),
    )


def _do(visit_id: str, step: Callable[[], object]) -> Answer:
    try:
        step()
    except Refusal as refusal:
        if refusal.problem.status == 404:
            raise
        return _page(visit_id, refusal), refusal.problem.status
    return redirect(url_for("publication.visit_results", visit_id=visit_id), 303)


def _page(visit_id: str, refusal: Refusal | None) -> str:
    actor = current_actor()
    report = report_of(actor.agency_id, visit_id)
    if any(result.published_at is None for result in report.results):
        # What is not public yet is for those who may see the visit itself.
        visit_for(actor, visit_id)
    profile = rules_of_task(report.task_id)
    head_approves = profile.flag("result.head_approves")
    return render_template(
        "publication/visit.html",
        refusal=refusal,
        entered=request.form if refusal else {},
        line=line_of(report),
        report=report,
        results=report.results,
        open_results=[result for result in report.results if is_open(result)],
        possible={result.id: codes_open_to(result.code, result.found) for result in report.results},
        corrections={result.id: corrections_of(result.id) for result in report.results},
        referrals={result.id: referrals_from(result.id) for result in report.results},
        approvals=approvals_of(visit_id),
        head_approves=head_approves,
        approved=not head_approves or head_has_approved(visit_id, report_digest(report)),
        codes=result_codes(),
        disposals=disposals(),
        opinion_field=OPINION_FIELD,
        profile=profile,
        channel_options=[(channel, channel) for channel in profile.words("publication.channels")],
        public_name=public_name,
        public_code=public_code,
        public_text=public_text,
        may_form=actor.may(Capability.FORM_REPORTS) and report.formed_at is None,
        may_approve=actor.may(Capability.APPROVE_RESULTS) and head_approves and report.formed_at is not None,
        may_publish=actor.may(Capability.PUBLISH_RESULTS) and report.formed_at is not None,
        may_object=actor.may(Capability.HANDLE_OBJECTIONS),
        may_refer=actor.may(Capability.REFER_FINDINGS),
    )


def _before() -> tuple[datetime, int] | None:
    moment, _, number = request.args.get("before", "").partition("~")
    try:
        at, last = datetime.fromisoformat(moment), int(number)
    except ValueError:
        return None
    return (at, last) if at.tzinfo else None
