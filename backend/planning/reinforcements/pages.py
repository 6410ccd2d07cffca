"""A shortage of inspectors in the office: what may be asked for a task, what was, and the leader's decision."""

from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for

from backend.core.errors import Refusal
from backend.foundation.accounts.queries import departments_of
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.signatories import signatories
from backend.planning.reinforcements.actions import SIGNED_BY, ask, decide, may_decide
from backend.planning.reinforcements.queries import (
    reinforcement_of,
    reinforcements_of,
    supporting_organisations,
)
from backend.planning.reinforcements.rules import STATUSES, WAYS
from backend.planning.tasks.queries import rules_of_task, task_of
from backend.plumbing.web.stepping import Answer, stepped

blueprint = Blueprint("reinforcements", __name__, url_prefix="/office", template_folder="templates")
CHIPS = {"asked": "waiting", "granted": "ok", "refused": "returned"}


@blueprint.get("/tasks/<int:task_id>/reinforcements")
@may(Capability.SEE_ADJUSTMENTS)
def reinforcements(task_id: int) -> str:
    """What was asked for this task."""
    return _page(task_id, None)


@blueprint.post("/tasks/<int:task_id>/reinforcements")
@may(Capability.MAKE_TASKS)
def ask_here(task_id: int) -> Answer:
    """Ask the unit's leader."""
    form = request.form
    return _stepped(
        task_id,
        lambda: ask(
            current_actor(),
            task_id,
            form.get("way", ""),
            form.get("reason", ""),
            form.getlist("departments", type=int),
            form.getlist("organisations"),
            form.get("training", ""),
        ),
    )


@blueprint.post("/reinforcements/<int:reinforcement_id>/decisions")
@may(Capability.DECIDE_ADJUSTMENTS)
def decide_here(reinforcement_id: int) -> Answer:
    """Agree or not."""
    task_id = reinforcement_of(current_actor().agency_id, reinforcement_id).task_id
    granted, note = request.form.get("granted") == "yes", request.form.get("reason", "")
    return _stepped(task_id, lambda: decide(current_actor(), reinforcement_id, granted, note))


def _stepped(task_id: int, step: Callable[[], object]) -> Answer:
    return stepped(
        step,
        lambda refusal: _page(task_id, refusal),
        url_for("reinforcements.reinforcements", task_id=task_id),
    )


def _page(task_id: int, refusal: Refusal | None) -> str:
    actor = current_actor()
    task = task_of(actor.agency_id, task_id)
    rules = rules_of_task(task.id)
    asked = reinforcements_of(task.id)
    names = {d.id: d.name for d in departments_of(actor.agency_id)}
    return render_template(
        "reinforcements/reinforcements.html",
        task=task,
        asked=asked,
        names=names,
        own=names.get(task.department_id or 0, "未分科室"),
        departments=[(id, name) for id, name in names.items() if id != task.department_id],
        organisations=[(name, name) for name in supporting_organisations(actor.agency_id)],
        allowed=[(way, words) for way, words in WAYS.items() if way in rules.words("team.shortage")],
        ways=WAYS,
        statuses=STATUSES,
        chips=CHIPS,
        asks=actor.may(Capability.MAKE_TASKS) and task.status in ("drafted", "drawn"),
        decides={one.id for one in asked if may_decide(actor, one)},
        signatories=signatories(rules, SIGNED_BY),
        profile=rules,
        refusal=refusal,
        entered=request.form,
    )
