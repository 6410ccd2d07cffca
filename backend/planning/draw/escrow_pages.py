"""The head's escrow of the nonces: make the key once, open a copy when it is needed."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.core.errors import Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.planning.draw.escrow import SHORTEST_PASSPHRASE, escrow_key, from_escrow, make_key
from backend.planning.draw.queries import draw_of, draws_of

blueprint = Blueprint("draw_escrow", __name__, url_prefix="/office/draws/escrow", template_folder="templates")

Answer = tuple[str, int] | Response


@blueprint.get("")
@may(Capability.DECIDE_ON_DRAW)
def page() -> str:
    """Whether there is a key, and which draws have a copy."""
    return _page(None)


@blueprint.post("/keys")
@may(Capability.DECIDE_ON_DRAW)
def make_here() -> Answer:
    """Make the key."""
    try:
        make_key(current_actor(), request.form.get("passphrase", ""))
    except Refusal as refusal:
        return _page(refusal), refusal.problem.status
    return redirect(url_for("draw_escrow.page"), 303)


@blueprint.post("/<int:draw_id>/openings")
@may(Capability.DECIDE_ON_DRAW)
def open_here(draw_id: int) -> Answer:
    """Open one copy; the nonce is shown once, on this answer."""
    actor = current_actor()
    try:
        nonce = from_escrow(actor, draw_id, request.form.get("passphrase", ""))
    except Refusal as refusal:
        draw_of(actor.agency_id, draw_id)
        return _page(refusal), refusal.problem.status
    return _page(None, draw_id, nonce), 200


def _page(refusal: Refusal | None, opened: int | None = None, nonce: str = "") -> str:
    agency_id = current_actor().agency_id
    return render_template(
        "draw/escrow.html",
        key=escrow_key(agency_id),
        draws=[draw for draw in draws_of(agency_id) if draw.escrow],
        opened=opened,
        nonce=nonce,
        least=SHORTEST_PASSPHRASE,
        refusal=refusal,
    )
