"""Received lists in the office: bring one in, look at it, match inspectors to it."""

from datetime import date

from flask import Blueprint, Response, redirect, render_template, request, url_for

from backend.core.errors import INVALID_INPUT, RECEIVED_LIST_DEPARTED, Refusal
from backend.foundation.accounts.queries import departments_of
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.planning.received.actions import SourceFile, match_inspectors, receive
from backend.planning.received.models import USUAL_HARD_CAP
from backend.planning.received.queries import entities_of, list_of, named_seats
from backend.planning.received.rules import CODE_HEADINGS, TEAM_HEADINGS
from backend.planning.reinforcements.queries import granted
from backend.planning.tasks.made_before import TaskEntry
from backend.planning.tasks.queries import rules_of_task, task_of
from backend.planning.tasks.rules import NATURES, ORIGINS
from backend.plumbing.files import store
from backend.plumbing.web.stepping import Answer, stepped
from backend.registers.matters.queries import published_matters

blueprint = Blueprint("received", __name__, url_prefix="/office/received", template_folder="templates")


@blueprint.get("/new")
@may(Capability.MAKE_TASKS)
def new() -> str:
    """The form that takes a list in."""
    return _new_page(None)


@blueprint.post("")
@may(Capability.MAKE_TASKS)
def receive_here() -> Answer:
    """Take the list in."""
    form, sent = request.form, request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Refusal(INVALID_INPUT, detail="请选名单文件")
        entry = TaskEntry(
            title=form.get("title", ""),
            window_from=_day("window_from"),
            window_to=_day("window_to"),
            seats=form.get("seats", 2, type=int),
            natures=form.getlist("natures"),
        )
        task = receive(
            current_actor(),
            form.get("origin", ""),
            form.get("source", ""),
            form.getlist("matters", type=int),
            entry,
            SourceFile(sent.filename, sent.read()),
            with_departed=bool(form.get("with_departed")),
        )
    except Refusal as refusal:
        return _new_page(refusal), refusal.problem.status
    return redirect(url_for("received.one", task_id=task.id), 303)


@blueprint.get("/<int:task_id>")
@may(Capability.SEE_ADJUSTMENTS)
def one(task_id: int) -> str:
    """Whom the list names, its file and hash, and the teams."""
    return _one_page(task_id, None)


@blueprint.post("/<int:task_id>/matchings")
@may(Capability.HOLD_DRAW)
def match_here(task_id: int) -> Answer:
    """Match inspectors by chance."""
    form = request.form
    return stepped(
        lambda: match_inspectors(
            current_actor(),
            task_id,
            form.getlist("departments", type=int),
            form.get("hard_cap", USUAL_HARD_CAP, type=int),
            form.getlist("organisations"),
        ),
        lambda refusal: _one_page(task_id, refusal),
        url_for("received.one", task_id=task_id),
    )


@blueprint.get("/<int:task_id>/source")
@may(Capability.SEE_ADJUSTMENTS)
def source(task_id: int) -> Response:
    """The list as it was handed over, byte for byte."""
    held = list_of(task_of(current_actor().agency_id, task_id))
    return Response(
        store().read(f"received/{held.sha256}"),
        mimetype="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{held.sha256[:16]}.bin"'},
    )


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError as fault:
        raise Refusal(INVALID_INPUT, detail="请选检查期限的始日和终日") from fault


def _new_page(refusal: Refusal | None) -> str:
    agency_id = current_actor().agency_id
    profile = profile_for(agency_id)
    return render_template(
        "received/new.html",
        matters=[(matter.id, matter.name) for matter in published_matters(agency_id)],
        origins=[(key, words) for key, words in ORIGINS.items() if key != "own"],
        natures=NATURES,
        departed=refusal is not None and refusal.problem is RECEIVED_LIST_DEPARTED,
        code_heading=CODE_HEADINGS[0],
        team_heading=TEAM_HEADINGS[0],
        least_seats=profile.count("team.min_inspectors") or 1,
        profile=profile,
        refusal=refusal,
        entered=request.form,
    )


def _one_page(task_id: int, refusal: Refusal | None) -> str:
    actor = current_actor()
    task = task_of(actor.agency_id, task_id)
    seats = named_seats(task)
    loads: dict[str, int] = {}
    for team in seats.values():
        for person in team:
            loads[person.name] = loads.get(person.name, 0) + 1
    return render_template(
        "received/one.html",
        task=task,
        held=list_of(task),
        entities=entities_of(task),
        seats=seats,
        loads=sorted(loads.items(), key=lambda held: -held[1]),
        origins=ORIGINS,
        departments=[(d.id, d.name) for d in departments_of(actor.agency_id)],
        own=[actor.department_id],
        lent=[(name, name) for one in granted([task], "neighbours") for name in one.organisations],
        usual_hard_cap=USUAL_HARD_CAP,
        profile=rules_of_task(task.id),
        refusal=refusal,
        entered=request.form,
        capability=Capability,
    )
