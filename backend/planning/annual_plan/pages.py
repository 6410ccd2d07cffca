"""The yearly plan in the office: list, one plan with its lines, approve, publish, revise."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.core.errors import INVALID_INPUT, Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.planning.annual_plan.actions import (
    LineEntry,
    add_missing_matters,
    approve_plan,
    draft_plan,
    file_plan,
    fill_lines,
    leave_out,
    publish_plan,
    revise_plan,
    take_in_again,
)
from backend.planning.annual_plan.class_forms import amounts_from, classes_from, scope_from
from backend.planning.annual_plan.queries import (
    blocks_of,
    lines_that_must_rise,
    matters_by_id,
    matters_left_out,
    numbers_by_region,
    plan_of,
    plans_of,
    revision_before,
)
from backend.planning.annual_plan.rules import (
    GRADES,
    JOINT_ROLES,
    STATUSES,
    all_ratio_words,
    names_from,
    ratio_words,
    weights_from,
    weights_words,
)
from backend.planning.annual_plan.sharing import own_number
from backend.planning.scopes.queries import scope_in_words, scope_options
from backend.planning.scopes.rules import SCOPE_WORDS
from backend.plumbing.clock import today
from backend.plumbing.web.stepping import Answer, stepped

blueprint = Blueprint("annual_plan", __name__, url_prefix="/office/plans", template_folder="templates")


@blueprint.get("")
@may(Capability.SEE_PLANNING)
def plans() -> str:
    """Every year's plans, and the form to begin one."""
    return _list_page(None)


@blueprint.post("")
@may(Capability.PREPARE_PLAN)
def draft_here() -> Answer:
    """Begin a year's plan from the matter list."""
    try:
        year = request.form.get("year", 0, type=int)
        plan = draft_plan(current_actor(), year, request.form.get("body", "").strip())
    except Refusal as refusal:
        return _list_page(refusal), refusal.problem.status
    return _to(plan.id)


@blueprint.get("/<int:plan_id>")
@may(Capability.SEE_PLANNING)
def one(plan_id: int) -> str:
    """One plan with its lines."""
    return _plan_page(plan_id, None)


@blueprint.post("/<int:plan_id>/lines")
@may(Capability.PREPARE_PLAN)
def fill_here(plan_id: int) -> Answer:
    """Write the lines as they stand in the form."""
    return _stepped(plan_id, lambda: fill_lines(current_actor(), plan_id, _entries(plan_id)))


@blueprint.post("/<int:plan_id>/completions")
@may(Capability.PREPARE_PLAN)
def complete_here(plan_id: int) -> Answer:
    """Add the matters that were published since."""
    return _stepped(plan_id, lambda: add_missing_matters(current_actor(), plan_id))


@blueprint.post("/<int:plan_id>/approvals")
@may(Capability.APPROVE_PLAN)
def approve_here(plan_id: int) -> Answer:
    """Approve the plan."""
    return _stepped(plan_id, lambda: approve_plan(current_actor(), plan_id))


@blueprint.post("/<int:plan_id>/publications")
@may(Capability.PUBLISH_PLAN)
def publish_here(plan_id: int) -> Answer:
    """Publish the plan."""
    return _stepped(plan_id, lambda: publish_plan(current_actor(), plan_id))


@blueprint.post("/<int:plan_id>/omissions")
@may(Capability.PREPARE_PLAN)
def leave_out_here(plan_id: int) -> Answer:
    """Leave a matter out of this year, with the reason."""
    line_id, reason = request.form.get("line_id", 0, type=int), request.form.get("reason", "")
    return _stepped(plan_id, lambda: leave_out(current_actor(), plan_id, line_id, reason))


@blueprint.post("/<int:plan_id>/matters/<int:matter_id>")
@may(Capability.PREPARE_PLAN)
def take_in_here(plan_id: int, matter_id: int) -> Answer:
    """Take a matter in again."""
    return _stepped(plan_id, lambda: take_in_again(current_actor(), plan_id, matter_id))


@blueprint.post("/<int:plan_id>/filings")
@may(Capability.PUBLISH_PLAN)
def file_here(plan_id: int) -> Answer:
    """Note that the plan was reported upward."""
    return _stepped(plan_id, lambda: file_plan(current_actor(), plan_id, request.form.get("filed_to", "")))


@blueprint.post("/<int:plan_id>/revisions")
@may(Capability.PREPARE_PLAN)
def revise_here(plan_id: int) -> Answer:
    """Begin the next revision."""
    try:
        return _to(revise_plan(current_actor(), plan_id, request.form.get("reason", "")).id)
    except Refusal as refusal:
        return _plan_page(plan_id, refusal), refusal.problem.status


def _stepped(plan_id: int, step: Callable[[], object]) -> Answer:
    then = url_for("annual_plan.one", plan_id=plan_id)
    return stepped(step, lambda refusal: _plan_page(plan_id, refusal), then)


def _to(plan_id: int) -> Response:
    return redirect(url_for("annual_plan.one", plan_id=plan_id), 303)


def _entries(plan_id: int) -> list[LineEntry]:
    plan = plan_of(current_actor().agency_id, plan_id)
    return [_entry(line.id) for line in plan.lines if f"body-{line.id}" in request.form]


def _entry(line_id: int) -> LineEntry:
    def written(name: str) -> str:
        return request.form.get(f"{name}-{line_id}", "").strip()

    share = written("upper_share")
    try:
        months = int(written("from")), int(written("to"))
        weights = weights_from(written("weights"))
        upper_share = int(share.rstrip("%％")) if share else None
    except ValueError as fault:
        said = str(fault)
        detail = (
            said if said.startswith("地区") else "检查时间请填月份，如 3 和 9；上级统一抽查的比例请填整数"
        )
        raise Refusal(INVALID_INPUT, detail=detail) from fault
    prefix = f"line-{line_id}-"
    return LineEntry(
        line_id,
        amounts_from(request.form, prefix),
        *months,
        body=written("body"),
        frequency=written("frequency"),
        category=written("category"),
        scope=scope_from(request.form, prefix),
        classes=classes_from(request.form, prefix),
        inspector_needs=written("needs"),
        joint_role=written("joint_role"),
        joint_with=names_from(written("joint_with")),
        upper_share_percent=upper_share,
        region_weights=weights,
    )


def _list_page(refusal: Refusal | None) -> str:
    actor = current_actor()
    return render_template(
        "annual_plan/list.html",
        plans=plans_of(actor.agency_id),
        statuses=STATUSES,
        refusal=refusal,
        may_prepare=actor.may(Capability.PREPARE_PLAN),
        profile=profile_for(actor.agency_id),
        year=today().year,
        entered=request.form,
    )


def _plan_page(plan_id: int, refusal: Refusal | None) -> str:
    actor = current_actor()
    plan, matters = plan_of(actor.agency_id, plan_id), matters_by_id(actor.agency_id)
    return render_template(
        "annual_plan/plan.html",
        plan=plan,
        matters=matters,
        line_options=[(line.id, matters[line.matter_id].name) for line in plan.lines],
        left_out=matters_left_out(plan) if plan.status == "draft" else [],
        blocks=blocks_of(plan) if plan.status == "draft" else [],
        must_rise=lines_that_must_rise(plan) if plan.status == "draft" else None,
        before=revision_before(plan),
        grades=GRADES,
        ratio_words=ratio_words,
        all_ratio_words=all_ratio_words,
        weights_words=weights_words,
        own_number=own_number,
        regions={
            line.id: numbers_by_region(line, matters[line.matter_id])
            for line in plan.lines
            if line.region_weights
        },
        scope_in_words=scope_in_words,
        scope_words=SCOPE_WORDS,
        scope_options=scope_options(actor.agency_id) if plan.status == "draft" else {},
        joint_roles=JOINT_ROLES,
        statuses=STATUSES,
        refusal=refusal,
        entered=request.form,
        profile=profile_for(actor.agency_id),
        total=sum(line.estimated for line in plan.lines),
        capability=Capability,
    )
