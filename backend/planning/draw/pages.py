"""Draws in the office: the list, and one draw with its teams, its record and what may still happen to it."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core.errors import DRAW_NOT_IN_STATE, NOT_FOUND, Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.actor import require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for, profile_warning
from backend.planning.draw.actions import attach, signers_of
from backend.planning.draw.endings import allow_redraw, open_one_code, open_record, void
from backend.planning.draw.files_at_rest import KnownEntity
from backend.planning.draw.pinned_rules import opening_rule, rules_of_draw
from backend.planning.draw.queries import (
    draw_of,
    draw_of_task,
    draws_of,
    open_preparations,
    published_folder,
    rehearsals_of,
    tasks_of_draw,
    tasks_waiting_for_a_draw,
)
from backend.planning.draw.spread import relaxations_of, spread_of
from backend.planning.draw.undertakings import (
    WORDS,
    may_read_names,
    require_promise,
    undertake,
    undertakings_of,
)
from backend.planning.draw.views import (
    impossibility,
    loads_of,
    named_teams,
    quota_rows,
    teams_count,
    told_events,
)
from backend.planning.draw.words import PREPARATIONS, STATUSES
from backend.planning.tasks.queries import task_of
from backend.plumbing.clock import today
from backend.plumbing.files import store

blueprint = Blueprint("draw", __name__, url_prefix="/office/draws", template_folder="templates")

Answer = tuple[str, int] | AnyResponse
CHIPS = {"committed": "doing", "drawn": "doing", "locked": "locked", "void": "void"}
TEAMS_SHOWN = 200


@blueprint.get("")
@may(Capability.SEE_PLANNING)
def draws() -> str:
    """Every draw, voids included, and the tasks that wait for one."""
    actor = current_actor()
    return render_template(
        "draw/list.html",
        draws=draws_of(actor.agency_id),
        preparations=open_preparations(actor.agency_id),
        rehearsals=rehearsals_of(actor.agency_id),
        preparation_states=PREPARATIONS,
        waiting=tasks_waiting_for_a_draw(actor.agency_id),
        warning=profile_warning(actor.agency_id, today()),
        opening=opening_rule(profile_for(actor.agency_id)),
        statuses=STATUSES,
        chips=CHIPS,
        capability=Capability,
        on=today(),
    )


@blueprint.get("/tasks/<int:task_id>")
@may(Capability.SEE_PLANNING)
def of_task(task_id: int) -> AnyResponse:
    """The latest draw of a task."""
    task = task_of(current_actor().agency_id, task_id)
    draw = draw_of_task(task.id)
    if draw is None:
        raise Refusal(NOT_FOUND, what="这个任务的摇号（还没有摇号）")
    return redirect(url_for("draw.one", draw_id=draw.id), 303)


@blueprint.get("/<int:draw_id>")
@may(Capability.SEE_PLANNING)
def one(draw_id: int) -> str:
    """One draw with the drawn entities and their teams."""
    return _draw_page(draw_id, None)


@blueprint.post("/<int:draw_id>/attachments")
@may(Capability.HOLD_DRAW)
def attach_here(draw_id: int) -> Answer:
    """Keep a photo or video of the ceremony."""
    file = request.files.get("file")
    content, name = (file.read(), file.filename or "") if file else (b"", "")
    return _stepped(draw_id, lambda: attach(current_actor(), draw_id, name, content))


@blueprint.get("/<int:draw_id>/attachments/<sha256>")
@may(Capability.SEE_PLANNING)
def attachment(draw_id: int, sha256: str) -> Response:
    """One photo or video of the ceremony."""
    draw = draw_of(current_actor().agency_id, draw_id)
    kept = next((kept for kept in draw.attachments if kept.sha256 == sha256), None)
    if kept is None:
        raise Refusal(NOT_FOUND, what="这份影像")
    return Response(store().read(f"{draw.folder}/attachments/{sha256}"), mimetype=kept.mime)


@blueprint.post("/<int:draw_id>/codes")
@may(Capability.HOLD_DRAW)
def open_code_here(draw_id: int) -> Answer:
    """Give an entity its own masked code and salt, on request."""
    try:
        known = open_one_code(current_actor(), draw_id, request.form.get("code", ""))
    except Refusal as refusal:
        draw_of(current_actor().agency_id, draw_id)
        return _draw_page(draw_id, refusal), refusal.problem.status
    return _draw_page(draw_id, None, given=known), 200


@blueprint.post("/<int:draw_id>/voids")
@may(Capability.DECIDE_ON_DRAW)
def void_here(draw_id: int) -> Answer:
    """Void the draw."""
    return _stepped(draw_id, lambda: void(current_actor(), draw_id, request.form.get("reason", "")))


@blueprint.post("/<int:draw_id>/permissions")
@may(Capability.DECIDE_ON_DRAW)
def allow_here(draw_id: int) -> Answer:
    """Allow a void draw's tasks to be drawn anew."""
    return _stepped(draw_id, lambda: allow_redraw(current_actor(), draw_id))


@blueprint.post("/<int:draw_id>/undertakings")
@may(Capability.SEE_EVERY_VISIT)
def undertake_here(draw_id: int) -> Answer:
    """Promise secrecy, to read the names."""
    return _stepped(draw_id, lambda: undertake(current_actor(), draw_id))


@blueprint.post("/<int:draw_id>/openings")
@may(Capability.HOLD_DRAW)
def open_here(draw_id: int) -> Answer:
    """Open the record to the public."""
    return _stepped(draw_id, lambda: open_record(current_actor(), draw_id))


@blueprint.get("/<int:draw_id>/record.zip")
@may(Capability.SEE_PLANNING)
def record_zip(draw_id: int) -> Response:
    """The folder an outsider gets, as one file."""
    actor = current_actor()
    draw = draw_of(actor.agency_id, draw_id)
    if draw.revealed_at is None:
        require(actor, Capability.SEE_EVERY_VISIT)
        require_promise(actor, draw)
    if draw.status not in ("locked", "void"):
        raise Refusal(DRAW_NOT_IN_STATE, serial=draw.serial, state=STATUSES[draw.status], step="下载抽取记录")
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name, content in published_folder(draw).items():
            archive.writestr(name, content)
    name = f"draw-{draw.year}-{draw.number}.zip"
    return Response(
        packed.getvalue(),
        mimetype="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _stepped(draw_id: int, step: Callable[[], object]) -> Answer:
    try:
        step()
    except Refusal as refusal:
        draw_of(current_actor().agency_id, draw_id)
        return _draw_page(draw_id, refusal), refusal.problem.status
    return redirect(url_for("draw.one", draw_id=draw_id), 303)


def _draw_page(draw_id: int, refusal: Refusal | None, given: KnownEntity | None = None) -> str:
    actor = current_actor()
    draw = draw_of(actor.agency_id, draw_id)
    # No tip-off (draw.md 2): until the draw is opened, an inspector knows only the own visits, an administrator none.
    may_know = draw.revealed_at is not None or actor.may(Capability.SEE_EVERY_VISIT)
    first = max(0, request.args.get("from", 0, type=int))
    bound = may_know and may_read_names(actor, draw)
    named = draw.record_hash is not None and bound
    teams = named_teams(draw, first, TEAMS_SHOWN) if named else []
    tasks = tasks_of_draw(draw)
    return render_template(
        "draw/draw.html",
        draw=draw,
        tasks=tasks,
        quotas=quota_rows(draw),
        events=told_events(draw),
        teams=teams,
        teams_total=teams_count(draw) if named else 0,
        first=first,
        many=TEAMS_SHOWN,
        loads=loads_of(draw) if named else [],
        impossible=(impossible := impossibility(draw) if draw.record_hash else None),
        relaxations=relaxations_of(draw) if impossible and named else [],
        all_signed=draw.status == "drawn" and all(signer.signed_at for signer in signers_of(draw)),
        spread=spread_of(draw) if named and draw.status in ("drawn", "locked") else None,
        given=given,
        may_know=may_know,
        promise="" if bound or not may_know or draw.record_hash is None else WORDS,
        promised=undertakings_of(draw) if actor.may(Capability.SEE_EVERY_VISIT) else [],
        changeable=draw.status == "locked"
        and bool(tasks)
        and all(task.status in ("drawn", "matched", "dispatched") for task in tasks),
        closes=max((task.window_to for task in tasks), default=today()),
        statuses=STATUSES,
        chips=CHIPS,
        refusal=refusal,
        profile=rules_of_draw(draw),
        opening=opening_rule(rules_of_draw(draw)),
        capability=Capability,
        on=today(),
    )
