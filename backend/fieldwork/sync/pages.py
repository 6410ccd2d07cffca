"""求救文件 in the office: what phones handed in because they could not sync, who opened it, and what became of it."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from backend.core.errors import Refusal
from backend.fieldwork.sync.rescue import ask_to_open, rescues_of, settle
from backend.foundation.accounts.models import User
from backend.foundation.jobs.models import Job
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.plumbing.db import db

blueprint = Blueprint("rescues", __name__, url_prefix="/office/rescues", template_folder="templates")

Answer = Response | tuple[str, int]


@blueprint.get("")
@may(Capability.OPEN_RESCUES)
def rescues() -> str:
    """Every bundle, newest first."""
    return _page(None)


@blueprint.post("/<rescue_id>/openings")
@may(Capability.OPEN_RESCUES)
def open_here(rescue_id: str) -> Answer:
    """Have one opened, with the reason."""
    return _done(lambda: ask_to_open(current_actor(), rescue_id, request.form.get("reason", "")))


@blueprint.post("/<rescue_id>/outcomes")
@may(Capability.OPEN_RESCUES)
def settle_here(rescue_id: str) -> Answer:
    """Write down what was done about one."""
    return _done(lambda: settle(current_actor(), rescue_id, request.form.get("outcome", "")))


def _done(act: Callable[[], object]) -> Answer:
    try:
        act()
    except Refusal as refusal:
        if refusal.problem.status == 404:
            raise
        return _page(refusal), refusal.problem.status
    return redirect(url_for("rescues.rescues"), 303)


def _page(refusal: Refusal | None) -> str:
    held = rescues_of(current_actor().agency_id)
    people = db.session.scalars(select(User).where(User.id.in_({one.user_id for one in held})))
    jobs = db.session.scalars(select(Job).where(Job.id.in_([one.job_id for one in held if one.job_id])))
    return render_template(
        "sync/rescues.html",
        rescues=held,
        names={person.id: person.name for person in people},
        jobs={job.id: job for job in jobs},
        refusal=refusal,
    )
