"""Tasks in the office: list, make one from the plan or outside it, one task, dispatch."""

from collections.abc import Callable, Mapping
from datetime import date
from urllib.parse import quote

from flask import Blueprint, redirect, render_template, request, url_for
from flask import Response as PageResponse

from backend.core.errors import INVALID_INPUT, Refusal
from backend.foundation.accounts.queries import departments_of
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import current_version, profile_for
from backend.planning.annual_plan.class_forms import amounts_from, classes_from, scope_from
from backend.planning.annual_plan.queries import line_of, matters_by_id, plan_in_force
from backend.planning.annual_plan.rules import (
    GRADES,
    JOINT_ROLES,
    all_ratio_words,
    names_from,
    ratio_words,
    weights_words,
)
from backend.planning.scopes.queries import scope_in_words, scope_options
from backend.planning.scopes.rules import SCOPE_WORDS
from backend.planning.tasks.actions import (
    MOST_BATCHES,
    approve_inspection,
    dispatch,
    make_ad_hoc_task,
    make_task,
    prepare_dispatch,
    return_inspection,
)
from backend.planning.tasks.left_out_steps import STEPS, leave_out_step, take_step_back
from backend.planning.tasks.made_before import TaskEntry
from backend.planning.tasks.queries import (
    classes_of_task,
    gaps_before_dispatch,
    lines_to_make_tasks_from,
    matters_of_task,
    pinned_version_of,
    plan_behind,
    rules_of_task,
    task_of,
    tasks_of,
)
from backend.planning.tasks.rules import (
    INSPECTION_KINDS,
    NATURES,
    ORIGINS,
    REMOTE_ANSWERS,
    STATUSES,
    batch_window,
)
from backend.planning.tasks.scheme import scheme_pdf
from backend.plumbing.clock import today
from backend.plumbing.web.stepping import Answer, stepped
from backend.registers.matters.queries import published_matters

blueprint = Blueprint("tasks", __name__, url_prefix="/office/tasks", template_folder="templates")

LONGEST_NUMBER = 4
CHIPS = {
    "drafted": "draft",
    "committed": "doing",
    "drawn": "doing",
    "matched": "waiting",
    "dispatched": "doing",
    "done": "ok",
}


@blueprint.get("")
@may(Capability.SEE_PLANNING)
def tasks() -> str:
    """Every task of the agency."""
    actor = current_actor()
    found = tasks_of(actor.agency_id)
    return render_template(
        "tasks/list.html",
        tasks=found,
        matters={task.id: matters_of_task(task) for task in found},
        departments={d.id: d.name for d in departments_of(actor.agency_id)},
        statuses=STATUSES,
        chips=CHIPS,
        origins=ORIGINS,
        capability=Capability,
    )


@blueprint.get("/choices")
@may(Capability.MAKE_TASKS)
def choose() -> str:
    """The lines of the plan in force that a task can be made from."""
    agency_id = current_actor().agency_id
    return render_template(
        "tasks/choose.html",
        plan=plan_in_force(agency_id, today().year),
        lines=lines_to_make_tasks_from(agency_id),
        all_ratio_words=all_ratio_words,
        profile=profile_for(agency_id),
    )


@blueprint.get("/new")
@may(Capability.MAKE_TASKS)
def new() -> str:
    """The form of a task: from a line of the plan (`line`), or outside the plan."""
    return _new_page(request.args.get("line", type=int), None)


@blueprint.post("")
@may(Capability.MAKE_TASKS)
def make_here() -> Answer:
    """Make the task."""
    line_id = request.form.get("plan_line_id", type=int)
    try:
        entry = _entry(request.form)
        if line_id is not None:
            task = make_task(current_actor(), line_id, entry)
        else:
            matter_ids = request.form.getlist("matters", type=int)
            reason = request.form.get("reason", "")
            task = make_ad_hoc_task(current_actor(), matter_ids, amounts_from(request.form), reason, entry)
    except Refusal as refusal:
        return _new_page(line_id, refusal), refusal.problem.status
    return redirect(url_for("tasks.one", task_id=task.id), 303)


@blueprint.get("/<int:task_id>")
@may(Capability.SEE_PLANNING)
def one(task_id: int) -> str:
    """One task: what it checks, where it stands, what comes next."""
    return _task_page(task_id, None)


@blueprint.get("/<int:task_id>/scheme.pdf")
@may(Capability.SEE_PLANNING)
def scheme(task_id: int) -> PageResponse:
    """抽查工作方案 as a document."""
    task = task_of(current_actor().agency_id, task_id)
    return PageResponse(
        scheme_pdf(task),
        mimetype="application/pdf",
        headers={"Content-Disposition": f"inline; filename*=UTF-8''{quote(task.title)}.pdf"},
    )


@blueprint.post("/<int:task_id>/preparations")
@may(Capability.DISPATCH_TASKS)
def prepare_here(task_id: int) -> Answer:
    """Say whether the firm must be entered, and how the teams are to work."""
    form = request.form
    answer, reason = form.get("remote_answer", ""), form.get("remote_reason", "")
    plan = form.get("work_plan", "")
    return _stepped(task_id, lambda: prepare_dispatch(current_actor(), task_id, answer, reason, plan))


@blueprint.post("/<int:task_id>/left-out-steps")
@may(Capability.MAKE_TASKS)
def leave_out_step_here(task_id: int) -> Answer:
    """Leave a step of the procedure out, or take it back where no reason is given."""
    step, reason = request.form.get("step", ""), request.form.get("reason", "")
    if request.form.get("back"):
        return _stepped(task_id, lambda: take_step_back(current_actor(), task_id, step))
    return _stepped(task_id, lambda: leave_out_step(current_actor(), task_id, step, reason))


@blueprint.post("/<int:task_id>/approvals")
@may(Capability.APPROVE_INSPECTIONS)
def approve_here(task_id: int) -> Answer:
    """Approve the inspection."""
    opinion = request.form.get("opinion", "")
    return _stepped(task_id, lambda: approve_inspection(current_actor(), task_id, opinion))


@blueprint.post("/<int:task_id>/returns")
@may(Capability.APPROVE_INSPECTIONS)
def return_here(task_id: int) -> Answer:
    """Give it back instead, with the reason."""
    reason = request.form.get("reason", "")
    return _stepped(task_id, lambda: return_inspection(current_actor(), task_id, reason))


@blueprint.post("/<int:task_id>/dispatches")
@may(Capability.DISPATCH_TASKS)
def dispatch_here(task_id: int) -> Answer:
    """Send the teams out."""
    reason = request.form.get("reason", "")
    return _stepped(task_id, lambda: dispatch(current_actor(), task_id, reason))


def _stepped(task_id: int, step: Callable[[], object]) -> Answer:
    return stepped(step, lambda refusal: _task_page(task_id, refusal), url_for("tasks.one", task_id=task_id))


def _entry(form: Mapping[str, str]) -> TaskEntry:
    def day(name: str, label: str) -> date:
        try:
            return date.fromisoformat(form.get(name, ""))
        except ValueError as fault:
            raise Refusal(INVALID_INPUT, detail=f"请选{label}") from fault

    def number(name: str, usual: str, label: str) -> int:
        written = form.get(name, usual)
        if not written.isascii() or not written.isdigit() or len(written) > LONGEST_NUMBER:
            raise Refusal(INVALID_INPUT, detail=f"{label}应为数字")
        return int(written)

    return TaskEntry(
        title=form.get("title", ""),
        window_from=day("window_from", "检查期限的始日"),
        window_to=day("window_to", "检查期限的终日"),
        seats=number("seats", "2", "检查组人数"),
        scope=scope_from(form),
        natures=request.form.getlist("natures"),
        classes=classes_from(form),
        inspection_kind=form.get("inspection_kind", "routine"),
        batches=number("batches", "1", "批次"),
        joint_role=form.get("joint_role", ""),
        joint_with=names_from(form.get("joint_with", "")),
        demands=form.get("demands", ""),
    )


def _new_page(line_id: int | None, refusal: Refusal | None) -> str:
    agency_id = current_actor().agency_id
    line = line_of(agency_id, line_id) if line_id is not None else None
    profile = profile_for(agency_id)
    return render_template(
        "tasks/new.html",
        line=line,
        matter=matters_by_id(agency_id)[line.matter_id] if line else None,
        matter_options=[(matter.id, matter.name) for matter in published_matters(agency_id)],
        refusal=refusal,
        entered=request.form,
        all_ratio_words=all_ratio_words,
        ratio_words=ratio_words,
        weights_words=weights_words,
        grades=GRADES,
        natures=NATURES,
        scope_words=SCOPE_WORDS,
        scope_options=scope_options(agency_id),
        scope_in_words=scope_in_words,
        kinds=INSPECTION_KINDS,
        joint_roles=JOINT_ROLES,
        most_batches=MOST_BATCHES,
        profile=profile,
        least_seats=profile.count("team.min_inspectors") or 1,
        year=today().year,
    )


def _task_page(task_id: int, refusal: Refusal | None) -> str:
    actor = current_actor()
    task = task_of(actor.agency_id, task_id)
    return render_template(
        "tasks/task.html",
        task=task,
        matters=matters_of_task(task),
        plan=plan_behind(task),
        department={d.id: d.name for d in departments_of(actor.agency_id)}.get(task.department_id or 0, "—"),
        statuses=STATUSES,
        chips=CHIPS,
        nature_words="、".join(NATURES[nature] for nature in task.natures),
        classes=classes_of_task(task),
        scope_in_words=scope_in_words,
        kinds=INSPECTION_KINDS,
        origins=ORIGINS,
        joint_roles=JOINT_ROLES,
        remote_answers=REMOTE_ANSWERS,
        gaps=gaps_before_dispatch(task) if task.status == "matched" else [],
        batch_windows=[
            batch_window(task.window_from, task.window_to, batch, task.batches)
            for batch in range(1, task.batches + 1)
        ]
        if task.batches > 1
        else [],
        entered=request.form,
        all_ratio_words=all_ratio_words,
        refusal=refusal,
        profile=rules_of_task(task.id),
        version=pinned_version_of(task),
        newest=newest.number if (newest := current_version(actor.agency_id)) else None,
        steps=STEPS,
        capability=Capability,
    )
