"""Those who go along, in the office: for each entity of a task, drawn or appointed, decided, taken back."""

from collections.abc import Callable

from flask import Blueprint, render_template, request, url_for

from backend.core.errors import Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.planning.companions.actions import appoint, decide, draw_experts, let_leave
from backend.planning.companions.queries import companion_of, last_named, outings_of, specialities_of
from backend.planning.companions.rules import ROLES, STATUSES, WAYS
from backend.planning.draw.queries import draw_of_task
from backend.planning.draw.undertakings import require_promise
from backend.planning.tasks.queries import rules_of_task, task_of
from backend.plumbing.web.stepping import Answer, stepped
from backend.registers.inspectors.queries import inspectors_of

blueprint = Blueprint("companions", __name__, url_prefix="/office", template_folder="templates")
CHIPS = {"asked": "waiting", "going": "ok", "leaving": "waiting", "refused": "returned", "left": "void"}


@blueprint.get("/tasks/<int:task_id>/companions")
@may(Capability.SEE_ADJUSTMENTS)
def companions(task_id: int) -> str:
    """Every entity of a task with those who go along."""
    return _page(task_id, None)


@blueprint.post("/tasks/<int:task_id>/companions")
@may(Capability.ASK_ADJUSTMENT)
def name_here(task_id: int) -> Answer:
    """Draw experts, or name somebody."""
    form, actor = request.form, current_actor()
    entity_id, role = form.get("entity_id", 0, type=int), form.get("role", "")
    seen = form.get("seen", type=int)

    def step() -> None:
        if form.get("way") == "draw":
            many = form.get("many", 1, type=int)
            draw_experts(actor, task_id, entity_id, many, form.get("speciality", ""), seen)
        else:
            appoint(
                actor,
                task_id,
                entity_id,
                role,
                form.get("reason", ""),
                form.get("inspector_id", type=int),
                form.get("name", ""),
                form.get("organisation", ""),
                seen,
            )

    return _stepped(task_id, step)


@blueprint.post("/companions/<int:companion_id>/decisions")
@may(Capability.DECIDE_ON_DRAW)
def decide_here(companion_id: int) -> Answer:
    """Agree or not."""
    task_id = companion_of(current_actor().agency_id, companion_id).task_id
    granted, note = request.form.get("granted") == "yes", request.form.get("reason", "")
    return _stepped(task_id, lambda: decide(current_actor(), companion_id, granted, note))


@blueprint.post("/companions/<int:companion_id>/leavings")
@may(Capability.ASK_ADJUSTMENT)
def leave_here(companion_id: int) -> Answer:
    """Let somebody stay at home after all."""
    task_id = companion_of(current_actor().agency_id, companion_id).task_id
    reason = request.form.get("reason", "")
    return _stepped(task_id, lambda: let_leave(current_actor(), companion_id, reason))


def _stepped(task_id: int, step: Callable[[], object]) -> Answer:
    return stepped(
        step, lambda refusal: _page(task_id, refusal), url_for("companions.companions", task_id=task_id)
    )


def _page(task_id: int, refusal: Refusal | None) -> str:
    actor = current_actor()
    task = task_of(actor.agency_id, task_id)
    if (draw := draw_of_task(task.id)) is not None:
        require_promise(actor, draw)
    people = [person for person in inspectors_of(actor.agency_id) if person.status == "active"]
    rules, outings = rules_of_task(task.id), outings_of(task)
    return render_template(
        "companions/companions.html",
        task=task,
        outings=outings,
        seen=last_named(task.id),
        entities=[(outing.entity.id, outing.entity.name) for outing in outings],
        people=[
            (p.id, f"{p.name}（{'专家　' if p.is_expert else ''}{p.organisation or p.post}）") for p in people
        ],
        specialities=[("", "不限"), *((word, word) for word in specialities_of(actor.agency_id))],
        experts=sum(person.is_expert for person in people),
        may_draw="draw" in rules.words("expert.chosen_by"),
        roles=ROLES,
        ways=WAYS,
        statuses=STATUSES,
        chips=CHIPS,
        is_open=task.status in ("matched", "dispatched"),
        names=actor.may(Capability.ASK_ADJUSTMENT),
        decides=actor.may(Capability.DECIDE_ON_DRAW),
        profile=rules,
        refusal=refusal,
        entered=request.form,
    )
