"""The ceremony for the projector: inputs, the seed, picks appearing, signatures and the lock, one step at a time."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core.clock import SHANGHAI
from backend.core.errors import Refusal
from backend.foundation.accounts.queries import agency
from backend.foundation.jobs.models import Job
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.planning.draw.actions import lock, sign, signers_of
from backend.planning.draw.computing import draw_now, restore_roster
from backend.planning.draw.inputs import enter_input, give_beacon, withdraw_input
from backend.planning.draw.models import Draw
from backend.planning.draw.pen import drawn_image
from backend.planning.draw.pinned_rules import rules_of_draw
from backend.planning.draw.queries import (
    draw_of,
    preparation_of,
)
from backend.planning.draw.views import (
    qr_code,
    quota_rows,
    seed_lines,
    shown_picks,
    unreachable_host,
    witness_links,
)
from backend.planning.draw.words import STEPS
from backend.plumbing.db import db

blueprint = Blueprint("draw_ceremony", __name__, url_prefix="/office/draws", template_folder="templates")

Answer = tuple[str, int] | AnyResponse
PICKS_SHOWN = 60


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


def _in_ceremony(draw_id: int, step: Callable[[], object], shown: str | None = None) -> Answer:
    try:
        step()
    except Refusal as refusal:
        draw_of(current_actor().agency_id, draw_id)
        return _ceremony_page(draw_id, refusal, shown), refusal.problem.status
    return redirect(url_for("draw_ceremony.ceremony", draw_id=draw_id, shown=shown), 303)


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
        "unreachable": unreachable_host(request.host) if _links_of(draw) else None,
    }
    if draw.status == "committed":
        return _inputs_page(draw, common)
    if draw.record_hash is None or draw.status == "void":
        return render_template("draw/voided.html", step=1, **common)
    assert draw.record is not None, "a drawn draw has a record"
    total = len(draw.record["picks"])
    signers = signers_of(draw)
    # Whoever comes back while people sign is not led through the picks once more.
    shown = shown or request.args.get("shown") or ("all" if any(s.signed_at for s in signers) else "seed")
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
        signers=signers,
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
