"""Before the commitment: the witnesses' codes on the screen, the roster being frozen, and the rehearsal."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.core.errors import Refusal
from backend.foundation.accounts.queries import agency, departments_of
from backend.foundation.jobs.models import Job
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.planning.draw.commit import start_freezing
from backend.planning.draw.pinned_rules import rules_of_campaign
from backend.planning.draw.preparing import (
    CommitRequest,
    drop,
    prepare,
    renew_link,
    request_of,
    speak_instead,
)
from backend.planning.draw.queries import draw_prepared_as, preparation_of
from backend.planning.draw.views import qr_code, unreachable_host, witness_links
from backend.planning.draw.words import PREPARATION_STEPS, PREPARATIONS, SAMPLE_WITNESSES
from backend.planning.tasks.queries import task_of
from backend.plumbing.db import db

blueprint = Blueprint(
    "draw_preparation", __name__, url_prefix="/office/draws/preparations", template_folder="templates"
)

Answer = tuple[str, int] | Response
REHEARSED_DIGITS, REHEARSED_CAP = 6, 20


@blueprint.get("/<int:preparation_id>")
@may(Capability.SEE_PLANNING)
def one(preparation_id: int) -> Answer:
    """The screen before the commitment."""
    preparation = preparation_of(current_actor().agency_id, preparation_id)
    draw = draw_prepared_as(preparation.id)
    if draw is not None:
        return redirect(url_for("draw_ceremony.ceremony", draw_id=draw.id), 303)
    return _page(preparation_id, None), 200


@blueprint.post("/<int:preparation_id>/freezings")
@may(Capability.HOLD_DRAW)
def freeze_here(preparation_id: int) -> Answer:
    """Freeze the roster and publish C."""
    return _stepped(preparation_id, lambda: start_freezing(current_actor(), preparation_id))


@blueprint.post("/<int:preparation_id>/endings")
@may(Capability.HOLD_DRAW)
def drop_here(preparation_id: int) -> Answer:
    """Give it up; nothing was published."""
    try:
        drop(current_actor(), preparation_id)
    except Refusal as refusal:
        return _page(preparation_id, refusal), refusal.problem.status
    return redirect(url_for("draw.draws"), 303)


@blueprint.post("/<int:preparation_id>/witnesses/<int:position>/voices")
@may(Capability.HOLD_DRAW)
def speak_here(preparation_id: int, position: int) -> Answer:
    """Let a witness without a phone write digits instead."""
    return _stepped(preparation_id, lambda: speak_instead(current_actor(), preparation_id, position))


@blueprint.post("/<int:preparation_id>/witnesses/<int:position>/links")
@may(Capability.HOLD_DRAW)
def renew_here(preparation_id: int, position: int) -> Answer:
    """A fresh code for one witness."""
    return _stepped(preparation_id, lambda: renew_link(current_actor(), preparation_id, position))


@blueprint.post("/rehearsals")
@may(Capability.HOLD_DRAW)
def rehearse() -> Answer:
    """Begin a rehearsal over sample entities, with two sample witnesses: it needs nothing but an agency."""
    actor = current_actor()
    profile = profile_for(actor.agency_id)
    kinds = profile.words("draw.witness_kinds")
    asked = CommitRequest(
        task_ids=[],
        witnesses=[(name, kinds[place % len(kinds)]) for place, name in enumerate(SAMPLE_WITNESSES)],
        input_digits=REHEARSED_DIGITS,
        departments=[department.id for department in departments_of(actor.agency_id)],
        leader_departments=[],
        hard_cap=REHEARSED_CAP,
        sealed=request.form.get("inputs") == "sealed",
        rehearsal=True,
    )
    preparation = prepare(actor, asked)
    if not asked.sealed:
        start_freezing(actor, preparation.id)
    return redirect(url_for("draw_preparation.one", preparation_id=preparation.id), 303)


def _stepped(preparation_id: int, step: Callable[[], object]) -> Answer:
    try:
        step()
    except Refusal as refusal:
        return _page(preparation_id, refusal), refusal.problem.status
    return redirect(url_for("draw_preparation.one", preparation_id=preparation_id), 303)


def _page(preparation_id: int, refusal: Refusal | None) -> str:
    actor = current_actor()
    preparation = preparation_of(actor.agency_id, preparation_id)
    first_task = [task_of(actor.agency_id, task_id) for task_id in request_of(preparation).task_ids[:1]]
    return render_template(
        "draw/preparation.html",
        preparation=preparation,
        links=witness_links(preparation) if actor.may(Capability.HOLD_DRAW) else {},
        job=db.session.get(Job, preparation.job_id) if preparation.job_id else None,
        agency_title=agency(actor.agency_id).name,
        profile=rules_of_campaign(actor.agency_id, first_task),
        steps=PREPARATION_STEPS,
        step=0 if preparation.status in ("waiting", "refused") else 1,
        states=PREPARATIONS,
        refusal=refusal,
        qr_of=qr_code,
        unreachable=unreachable_host(request.host) if actor.may(Capability.HOLD_DRAW) else None,
        may_hold=actor.may(Capability.HOLD_DRAW),
    )
