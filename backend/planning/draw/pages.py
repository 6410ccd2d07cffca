"""Draws in the office: list, preparation, one draw with its teams, and the ceremony for the projector."""

from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core.clock import SHANGHAI
from backend.core.errors import DRAW_NOT_IN_STATE, NOT_FOUND, Refusal
from backend.foundation.accounts.queries import agency, departments_of
from backend.foundation.jobs.models import Job
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.profile_files import known_keys
from backend.foundation.rule_profiles.queries import profile_warning
from backend.planning.annual_plan.quotas import by_ratio
from backend.planning.annual_plan.rules import ratio_words
from backend.planning.draw.actions import attach, lock, sign, signers_of
from backend.planning.draw.commit import start_freezing
from backend.planning.draw.commitment import FEWEST_DIGITS, MOST_DIGITS
from backend.planning.draw.computing import draw_now, restore_roster
from backend.planning.draw.endings import allow_redraw, open_one_code, open_record, void
from backend.planning.draw.files_at_rest import KnownEntity
from backend.planning.draw.inputs import enter_input, give_beacon, withdraw_input
from backend.planning.draw.models import Draw
from backend.planning.draw.pen import drawn_image
from backend.planning.draw.pinned_rules import rules_of_campaign, rules_of_draw
from backend.planning.draw.preparing import CommitRequest, drop, prepare
from backend.planning.draw.queries import (
    draw_of,
    draw_of_task,
    draw_prepared_as,
    draws_of,
    open_preparations,
    preparation_of,
    published_folder,
    rehearsals_of,
    tasks_waiting_for_a_draw,
)
from backend.planning.draw.roster import Prospect, prospect_of, tasks_of_draw
from backend.planning.draw.spread import relaxations_of, spread_of
from backend.planning.draw.views import (
    impossibility,
    loads_of,
    named_teams,
    qr_code,
    quota_rows,
    seed_lines,
    shown_picks,
    stratum_words,
    teams_count,
    told_events,
    witness_links,
)
from backend.planning.draw.words import PREPARATIONS, STATUSES, STEPS
from backend.planning.reinforcements.queries import granted, reinforcements_of
from backend.planning.reinforcements.rules import WAYS
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import task_of
from backend.plumbing.clock import today
from backend.plumbing.db import db
from backend.plumbing.files import store
from backend.registers.inspectors.models import Inspector
from backend.registers.inspectors.queries import unavailable_inspectors
from backend.registers.inspectors.rules import Bar

blueprint = Blueprint("draw", __name__, url_prefix="/office/draws", template_folder="templates")

Answer = tuple[str, int] | AnyResponse
CHIPS = {"committed": "doing", "drawn": "doing", "locked": "locked", "void": "void"}
WITNESS_ROWS = 4
USUAL_DIGITS = 6
USUAL_HARD_CAP = 20
TEAMS_SHOWN = 200
PICKS_SHOWN = 60


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
        statuses=STATUSES,
        chips=CHIPS,
        capability=Capability,
        on=today(),
    )


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
    return redirect(url_for("draw.ceremony", draw_id=draw.id), 303)


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


@blueprint.get("/<int:draw_id>/ceremony")
@may(Capability.SEE_PLANNING)
def ceremony(draw_id: int) -> str:
    """The draw for the meeting room: one step at a time, tickets and counts, no names."""
    return _ceremony_page(draw_id, None)


@blueprint.post("/<int:draw_id>/inputs")
@may(Capability.HOLD_DRAW)
def input_here(draw_id: int) -> Answer:
    """Take down one witness's digits."""
    position, digits = request.form.get("position", -1, type=int), request.form.get("digits", "")
    return _in_ceremony(draw_id, lambda: enter_input(current_actor(), draw_id, position, digits))


@blueprint.post("/<int:draw_id>/inputs/<int:position>/withdrawals")
@may(Capability.HOLD_DRAW)
def withdraw_here(draw_id: int, position: int) -> Answer:
    """Throw a covered input away unseen, to be written anew."""
    return _in_ceremony(draw_id, lambda: withdraw_input(current_actor(), draw_id, position))


@blueprint.post("/<int:draw_id>/beacons")
@may(Capability.HOLD_DRAW)
def beacon_here(draw_id: int) -> Answer:
    """Type in the announced public value."""
    return _in_ceremony(
        draw_id,
        lambda: give_beacon(current_actor(), draw_id, request.form.get("value", ""), _appeared_at()),
    )


@blueprint.post("/<int:draw_id>/restorations")
@may(Capability.HOLD_DRAW)
def restore_here(draw_id: int) -> Answer:
    """Fill the roster in the database anew from the frozen file."""
    return _in_ceremony(draw_id, lambda: restore_roster(current_actor(), draw_id))


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


@blueprint.post("/<int:draw_id>/outcomes")
@may(Capability.HOLD_DRAW)
def draw_here(draw_id: int) -> Answer:
    """Show all inputs at once and draw."""
    return _in_ceremony(draw_id, lambda: draw_now(current_actor(), draw_id))


@blueprint.post("/<int:draw_id>/signatures")
@may(Capability.HOLD_DRAW)
def sign_here(draw_id: int) -> Answer:
    """One person present signs."""
    form, image = request.form, drawn_image(request)
    return _in_ceremony(
        draw_id,
        lambda: sign(current_actor(), draw_id, form.get("name", ""), form.get("kind", ""), image),
        shown="all",
    )


@blueprint.post("/<int:draw_id>/locks")
@may(Capability.HOLD_DRAW)
def lock_here(draw_id: int) -> Answer:
    """Lock the record."""
    return _in_ceremony(draw_id, lambda: lock(current_actor(), draw_id), shown="all")


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


@blueprint.post("/<int:draw_id>/openings")
@may(Capability.HOLD_DRAW)
def open_here(draw_id: int) -> Answer:
    """Open the record to the public."""
    return _stepped(draw_id, lambda: open_record(current_actor(), draw_id))


@blueprint.get("/<int:draw_id>/record.zip")
@may(Capability.SEE_PLANNING)
def record_zip(draw_id: int) -> Response:
    """The folder an outsider gets, as one file."""
    draw = draw_of(current_actor().agency_id, draw_id)
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


def _in_ceremony(draw_id: int, step: Callable[[], object], shown: str | None = None) -> Answer:
    try:
        step()
    except Refusal as refusal:
        draw_of(current_actor().agency_id, draw_id)
        return _ceremony_page(draw_id, refusal, shown), refusal.problem.status
    return redirect(url_for("draw.ceremony", draw_id=draw_id, shown=shown), 303)


def _new_page(task_ids: list[int], refusal: Refusal | None) -> str:
    actor = current_actor()
    words = known_keys()["draw.witness_kinds"].words
    waiting = tasks_waiting_for_a_draw(actor.agency_id)
    chosen = [task for task in waiting if task.id in task_ids]
    try:
        profile = rules_of_campaign(actor.agency_id, chosen)
        prospect = prospect_of(chosen) if chosen else None
    except Refusal as apart:
        refusal, profile, prospect = refusal or apart, rules_of_campaign(actor.agency_id, chosen[:1]), None
    departments = departments_of(actor.agency_id)
    own = [actor.department_id] if actor.department_id else [d.id for d in departments]
    return render_template(
        "draw/new.html",
        waiting=waiting,
        chosen=chosen,
        prospect=prospect,
        estimate=_estimate(prospect),
        ratio_words=ratio_words,
        kinds=[(kind, words[kind]) for kind in profile.words("draw.witness_kinds")],
        witness_rows=WITNESS_ROWS,
        departments=[(d.id, d.name) for d in departments],
        chosen_departments=request.form.getlist("departments", type=int) or own,
        chosen_leaders=request.form.getlist("leader_departments", type=int) or own,
        lent=[(name, name) for one in granted(chosen, "neighbours") for name in one.organisations],
        reinforced=[one for task in chosen for one in reinforcements_of(task.id) if one.status == "granted"],
        reinforcement_words=WAYS,
        unavailable=_unavailable(chosen),
        digits=[(n, f"{n} 位") for n in range(FEWEST_DIGITS, MOST_DIGITS + 1)],
        usual_digits=USUAL_DIGITS,
        usual_hard_cap=USUAL_HARD_CAP,
        warning=profile_warning(actor.agency_id, today(), profile),
        profile=profile,
        refusal=refusal,
        entered=request.form,
    )


def _unavailable(chosen: Sequence[Task]) -> list[tuple[Inspector, Bar]]:
    """Inspectors whom the draw leaves out, each with the reason: certificate, leave."""
    if not chosen:
        return []
    first, last = min(t.window_from for t in chosen), max(t.window_to for t in chosen)
    rules = rules_of_campaign(chosen[0].agency_id, chosen[:1])
    return unavailable_inspectors(chosen[0].agency_id, first, last, rules)


def _estimate(prospect: Prospect | None) -> list[tuple[str, int, int, str, int]]:
    if prospect is None:
        return []
    return [
        (
            stratum_words(s.id),
            s.left_out,
            len(s.candidates),
            ratio_words([*s.ratio]),
            by_ratio(len(s.candidates), s.ratio),
        )
        for s in prospect.strata
    ]


def _draw_page(draw_id: int, refusal: Refusal | None, given: KnownEntity | None = None) -> str:
    actor = current_actor()
    draw = draw_of(actor.agency_id, draw_id)
    # No tip-off (draw.md 2): until the draw is opened, an inspector knows only the own visits, an administrator none.
    may_know = draw.revealed_at is not None or actor.may(Capability.SEE_EVERY_VISIT)
    first = max(0, request.args.get("from", 0, type=int))
    named = draw.record_hash is not None and may_know
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
        spread=spread_of(draw) if named and draw.status in ("drawn", "locked") else None,
        given=given,
        changeable=draw.status == "locked"
        and bool(tasks)
        and all(task.status in ("drawn", "matched", "dispatched") for task in tasks),
        closes=max((task.window_to for task in tasks), default=today()),
        statuses=STATUSES,
        chips=CHIPS,
        refusal=refusal,
        profile=rules_of_draw(draw),
        capability=Capability,
        on=today(),
    )


def _ceremony_page(draw_id: int, refusal: Refusal | None, shown: str | None = None) -> str:
    actor = current_actor()
    draw = draw_of(actor.agency_id, draw_id)
    common = {
        "draw": draw,
        "agency_title": agency(actor.agency_id).name,
        "quotas": quota_rows(draw),
        "steps": STEPS,
        "refusal": refusal,
        "profile": rules_of_draw(draw),
        "may_hold": actor.may(Capability.HOLD_DRAW),
        "qr_of": qr_code,
    }
    if draw.status == "committed":
        return _inputs_page(draw, common)
    if draw.record_hash is None or draw.status == "void":
        return render_template("draw/voided.html", step=1, **common)
    assert draw.record is not None, "a drawn draw has a record"
    total = len(draw.record["picks"])
    shown = shown or request.args.get("shown") or "seed"
    if shown == "seed" and draw.status == "drawn":
        return render_template("draw/seed.html", step=2, lines=seed_lines(draw), total=total, **common)
    number = _shown_number(shown, total)
    if number is not None and draw.status == "drawn":
        picks = shown_picks(draw, max(1, number - 7), min(8, number))
        return render_template(
            "draw/reveal.html", step=2, picks=picks, pick=picks[-1], number=number, total=total, **common
        )
    first = max(1, request.args.get("from", 1, type=int))
    return render_template(
        "draw/signatures.html",
        step=4 if draw.status == "locked" else 3,
        picks=shown_picks(draw, first, PICKS_SHOWN),
        first=first,
        many=PICKS_SHOWN,
        total=total,
        signers=signers_of(draw),
        phones=_links_of(draw) if draw.status == "drawn" else {},
        qr=qr_code(draw.record_hash),
        **common,
    )


def _inputs_page(draw: Draw, common: dict[str, object]) -> str:
    step = 1 if any(witness.input_sealed is None for witness in draw.witnesses) else 2
    return render_template(
        "draw/inputs.html",
        step=step,
        qr=qr_code(draw.commitment),
        phones=_links_of(draw),
        job=db.session.get(Job, draw.job_id) if draw.job_id else None,
        **common,
    )


def _links_of(draw: Draw) -> dict[int, str]:
    """The witnesses' addresses, for the host's screen only."""
    if draw.preparation_id is None or not current_actor().may(Capability.HOLD_DRAW):
        return {}
    return witness_links(preparation_of(draw.agency_id, draw.preparation_id))


def _appeared_at() -> datetime:
    """The moment a public value appeared, as typed: local time. What is no time is refused as too early."""
    try:
        return datetime.fromisoformat(request.form.get("appeared_at", "")).replace(tzinfo=SHANGHAI)
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=SHANGHAI)


def _shown_number(shown: str | None, total: int) -> int | None:
    """Which pick is on the screen; None once all have been shown."""
    if shown in ("all", "seed") or total == 0:
        return None
    number = int(shown) if shown and shown.isascii() and shown.isdigit() else 1
    return max(1, number) if number <= total else None
