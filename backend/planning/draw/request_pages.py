"""A draw is asked for: what a freeze would fix now, who comes as a witness, and who may be drawn as an inspector."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core.errors import Refusal
from backend.foundation.accounts.queries import departments_of
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.profile_files import known_keys
from backend.foundation.rule_profiles.queries import profile_warning
from backend.planning.draw.commit import start_freezing
from backend.planning.draw.commitment import FEWEST_DIGITS, MOST_DIGITS
from backend.planning.draw.estimate import estimate_of
from backend.planning.draw.models import Draw
from backend.planning.draw.pinned_rules import rules_of_campaign
from backend.planning.draw.preparing import CommitRequest, drop, prepare
from backend.planning.draw.queries import (
    draw_of_task,
    draw_prepared_as,
    tasks_waiting_for_a_draw,
)
from backend.planning.reinforcements.queries import granted, reinforcements_of
from backend.planning.reinforcements.rules import WAYS
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import matters_of_task, task_of
from backend.plumbing.clock import today
from backend.registers.inspectors.models import Inspector
from backend.registers.inspectors.queries import drawable_inspectors, unavailable_inspectors
from backend.registers.inspectors.rules import Bar

blueprint = Blueprint("draw_request", __name__, url_prefix="/office/draws", template_folder="templates")

Answer = tuple[str, int] | AnyResponse
WITNESS_ROWS = 4
USUAL_DIGITS = 6
USUAL_HARD_CAP = 20


@blueprint.get("/new")
@may(Capability.HOLD_DRAW)
def new() -> str:
    """What a freeze would fix now, and the form that does it."""
    return _new_page(request.args.getlist("task", type=int), None)


@blueprint.post("")
@may(Capability.HOLD_DRAW)
def commit_here() -> Answer:
    """Name the witnesses; freeze and commit at once unless their phones seal first or the roster is large."""
    form, actor = request.form, current_actor()
    task_ids = form.getlist("task", type=int)
    preparation = None
    try:
        preparation = prepare(actor, _asked(task_ids))
        if preparation.status == "freezing":
            start_freezing(actor, preparation.id)
    except Refusal as refusal:
        if preparation is not None:
            drop(actor, preparation.id)
        return _new_page(task_ids, refusal), refusal.problem.status
    draw = draw_prepared_as(preparation.id)
    if draw is None:
        return redirect(url_for("draw_preparation.one", preparation_id=preparation.id), 303)
    return redirect(url_for("draw_ceremony.ceremony", draw_id=draw.id), 303)


def _asked(task_ids: list[int]) -> CommitRequest:
    form = request.form
    source, beacon_round = form.get("beacon_source", "").strip(), form.get("beacon_round", "").strip()
    names, kinds = form.getlist("witness_name"), form.getlist("witness_kind")
    return CommitRequest(
        task_ids=task_ids,
        witnesses=list(zip(names, kinds, strict=False)),
        input_digits=form.get("input_digits", USUAL_DIGITS, type=int),
        departments=form.getlist("departments", type=int),
        leader_departments=form.getlist("leader_departments", type=int),
        hard_cap=form.get("hard_cap", USUAL_HARD_CAP, type=int),
        sealed=form.get("inputs") == "sealed",
        beacon=(source, beacon_round) if source or beacon_round else None,
        rehearsal=form.get("rehearsal") == "1",
        organisations=form.getlist("organisations"),
    )


def _new_page(task_ids: list[int], refusal: Refusal | None) -> str:
    actor = current_actor()
    words = known_keys()["draw.witness_kinds"].words
    waiting = tasks_waiting_for_a_draw(actor.agency_id)
    chosen = [task for task in waiting if task.id in task_ids]
    try:
        profile = rules_of_campaign(actor.agency_id, chosen)
        estimate = estimate_of(chosen) if chosen else None
    except Refusal as apart:
        refusal, profile, estimate = refusal or apart, rules_of_campaign(actor.agency_id, chosen[:1]), None
    departments = departments_of(actor.agency_id)
    own = [actor.department_id] if actor.department_id else [d.id for d in departments]
    return render_template(
        "draw/new.html",
        waiting=waiting,
        chosen=chosen,
        under_way=_under_way(task_ids, chosen),
        asked_matters=list({one.id: one for task in chosen for one in matters_of_task(task)}.values()),
        estimate=estimate,
        kinds=[(kind, words[kind]) for kind in profile.words("draw.witness_kinds")],
        witness_rows=WITNESS_ROWS,
        departments=[(d.id, d.name) for d in departments],
        chosen_departments=request.form.getlist("departments", type=int) or own,
        chosen_leaders=request.form.getlist("leader_departments", type=int) or own,
        lent=[(name, name) for one in granted(chosen, "neighbours") for name in one.organisations],
        reinforced=[one for task in chosen for one in reinforcements_of(task.id) if one.status == "granted"],
        reinforcement_words=WAYS,
        unavailable=_unavailable(chosen),
        without_login=_without_login(chosen),
        digits=[(n, f"{n} 位") for n in range(FEWEST_DIGITS, MOST_DIGITS + 1)],
        usual_digits=USUAL_DIGITS,
        usual_hard_cap=USUAL_HARD_CAP,
        warning=profile_warning(actor.agency_id, today(), profile),
        profile=profile,
        refusal=refusal,
        entered=request.form,
    )


def _under_way(task_ids: list[int], chosen: Sequence[Task]) -> list[Draw]:
    """The draws that the other tasks asked for are in already: somebody else's press, or one's own before."""
    agency_id, left = current_actor().agency_id, {*task_ids} - {task.id for task in chosen}
    found = [draw_of_task(task_of(agency_id, task_id).id) for task_id in sorted(left)]
    return [draw for draw in found if draw is not None]


def _without_login(chosen: Sequence[Task]) -> list[Inspector]:
    """Inspectors whom the draw may take and who have no login: a task whose team holds one cannot be sent out."""
    if not chosen:
        return []
    first, last = min(t.window_from for t in chosen), max(t.window_to for t in chosen)
    rules = rules_of_campaign(chosen[0].agency_id, chosen[:1])
    able = drawable_inspectors(chosen[0].agency_id, last, first, rules)
    return [person for person in able if person.user_id is None]


def _unavailable(chosen: Sequence[Task]) -> list[tuple[Inspector, Bar]]:
    """Inspectors whom the draw leaves out, each with the reason: certificate, leave."""
    if not chosen:
        return []
    first, last = min(t.window_from for t in chosen), max(t.window_to for t in chosen)
    rules = rules_of_campaign(chosen[0].agency_id, chosen[:1])
    return unavailable_inspectors(chosen[0].agency_id, first, last, rules)
