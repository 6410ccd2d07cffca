"""The witness's page on a phone: one link, no account, and at each moment the one thing to do."""

from collections.abc import Callable

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core.errors import Refusal
from backend.foundation.accounts.queries import agency
from backend.foundation.permissions.access import anyone
from backend.planning.draw.pen import drawn_image
from backend.planning.draw.undertakings import WORDS, is_asked_of_witnesses
from backend.planning.draw.views import quota_rows, seed_lines
from backend.planning.draw.witnessing import (
    Presence,
    give_input,
    is_own_phone,
    open_input,
    presence_of,
    seal_input,
    sign_here,
    take_link,
)

blueprint = Blueprint("witness", __name__, url_prefix="/office/witness", template_folder="templates")

Answer = tuple[str, int] | AnyResponse
COOKIE = "yaohao_witness"
A_DAY = 24 * 60 * 60


@blueprint.get("/<secret>")
@anyone
def page(secret: str) -> str | tuple[str, int]:
    """Where the ceremony stands, and what this witness does now."""
    try:
        return _page(secret, None)
    except Refusal as ended:
        # A witness has no account: the usual page of a refusal would lead to a login.
        return render_template("draw/witness_ended.html", refusal=ended), ended.problem.status


@blueprint.post("/<secret>/phones")
@anyone
def join(secret: str) -> Answer:
    """Take the link with this phone. A press, so that no link preview takes it first."""
    try:
        device = take_link(secret)
    except Refusal as refusal:
        return _page(secret, refusal), refusal.problem.status
    answer = redirect(url_for("witness.page", secret=secret), 303)
    answer.set_cookie(
        COOKIE,
        device,
        max_age=A_DAY,
        path=url_for("witness.page", secret=secret),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return answer


@blueprint.post("/<secret>/seals")
@anyone
def seal_here(secret: str) -> Answer:
    """Hand in a sealed input: its fingerprint alone."""
    return _stepped(secret, lambda: seal_input(secret, _device(), request.form.get("commitment", "")))


@blueprint.post("/<secret>/inputs")
@anyone
def input_here(secret: str) -> Answer:
    """Hand in the digits, covered."""
    return _stepped(secret, lambda: give_input(secret, _device(), request.form.get("digits", "")))


@blueprint.post("/<secret>/openings")
@anyone
def open_here(secret: str) -> Answer:
    """Open a sealed input."""
    text, salt = request.form.get("input", ""), request.form.get("salt", "")
    return _stepped(secret, lambda: open_input(secret, _device(), text, salt))


@blueprint.post("/<secret>/signatures")
@anyone
def signature_here(secret: str) -> Answer:
    """Sign the record."""
    image = drawn_image(request)
    return _stepped(secret, lambda: sign_here(secret, _device(), image))


@blueprint.get("/<secret>/record.txt")
@anyone
def fingerprints(secret: str) -> Response:
    """What a witness takes home: the fingerprints, to be held against what is published later."""
    present = presence_of(secret)
    draw = present.draw
    lines = (
        [] if draw is None else [draw.serial, f"C {draw.commitment}", f"H(record) {draw.record_hash or '—'}"]
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _stepped(secret: str, step: Callable[[], object]) -> Answer:
    try:
        step()
    except Refusal as refusal:
        return _page(secret, refusal), refusal.problem.status
    return redirect(url_for("witness.page", secret=secret), 303)


def _device() -> str:
    return request.cookies.get(COOKIE, "")


def _page(secret: str, refusal: Refusal | None) -> str:
    present = presence_of(secret)
    draw = present.draw
    return render_template(
        "draw/witness.html",
        secret=secret,
        preparation=present.preparation,
        prepared=present.witness,
        draw=draw,
        own=next((w for w in draw.witnesses if w.position == present.witness.position), None)
        if draw
        else None,
        agency_title=agency(present.preparation.agency_id).name,
        quotas=quota_rows(draw) if draw else [],
        lines=seed_lines(draw) if draw and draw.record_hash and draw.status != "void" else [],
        signed=_has_signed(present),
        undertaking=WORDS if is_asked_of_witnesses(present.preparation) else "",
        stage=_stage(present),
        refusal=refusal,
    )


def _stage(present: Presence) -> str:
    """The one thing to do, as a word the template knows."""
    draw, prepared = present.draw, present.witness
    if prepared.device_hash is None:
        return "join"
    if not is_own_phone(present, request.cookies.get(COOKIE)):
        return "taken"
    if draw is None:
        return "seal" if prepared.sealed and present.preparation.status in ("waiting", "refused") else "wait"
    if draw.status == "committed":
        return "shown" if draw.shown_at else "open" if prepared.sealed else "write"
    if draw.status == "drawn":
        return "signed" if _has_signed(present) else "sign"
    return draw.status


def _has_signed(present: Presence) -> bool:
    who = (present.witness.name, present.witness.kind)
    return present.draw is not None and any((s.name, s.kind) == who for s in present.draw.signatures)
