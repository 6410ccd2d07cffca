"""The office's pages of referrals."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.core.errors import Refusal
from backend.decisions.referrals.actions import keep_reply, refer
from backend.decisions.referrals.queries import KINDS, referral_of, referrals_of, routes
from backend.decisions.referrals.schemas import ReferralForm
from backend.decisions.results.codes import result_codes
from backend.decisions.results.queries import result_of
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.plumbing.randomness import new_id
from backend.plumbing.web.requests import validated

blueprint = Blueprint("referrals", __name__, url_prefix="/office/referrals", template_folder="templates")

Answer = str | Response | tuple[str, int]


@blueprint.get("")
@may(Capability.SEE_RESULTS)
def referrals() -> str:
    """Every referral, those without a reply first."""
    return render_template(
        "referrals/list.html", referrals=referrals_of(current_actor().agency_id), kinds=KINDS
    )


@blueprint.get("/new")
@may(Capability.REFER_FINDINGS)
def new_referral() -> str:
    """The form to refer what one result found."""
    return _form(request.args.get("result", 0, type=int), None)


@blueprint.post("")
@may(Capability.REFER_FINDINGS)
def make_referral() -> Answer:
    """Refer it."""
    try:
        form = validated(ReferralForm(), request.form.to_dict())
        referral = refer(
            current_actor(),
            str(form["form_id"]),
            form["result_id"],
            form["kind"],
            form["receiver"],
            form["facts"],
            form["materials"],
        )
    except Refusal as refusal:
        if refusal.problem.status == 404:
            raise
        return _form(request.form.get("result_id", 0, type=int), refusal), refusal.problem.status
    return redirect(url_for("referrals.referral", referral_id=referral.id), 303)


@blueprint.get("/<int:referral_id>")
@may(Capability.SEE_RESULTS)
def referral(referral_id: int) -> str:
    """One referral and its reply."""
    return _page(referral_id, None)


@blueprint.post("/<int:referral_id>/replies")
@may(Capability.REFER_FINDINGS)
def reply(referral_id: int) -> Answer:
    """Keep what the receiver answered."""
    try:
        keep_reply(current_actor(), referral_id, request.form.get("reply", ""))
    except Refusal as refusal:
        if refusal.problem.status == 404:
            raise
        return _page(referral_id, refusal), refusal.problem.status
    return redirect(url_for("referrals.referral", referral_id=referral_id), 303)


def _form(result_id: int, refusal: Refusal | None) -> str:
    result = result_of(current_actor().agency_id, result_id)
    return render_template(
        "referrals/new.html",
        refusal=refusal,
        result=result,
        routes=routes(result.task_id),
        codes=result_codes(),
        entered=request.form,
        form_id=request.form.get("form_id") or new_id(),
    )


def _page(referral_id: int, refusal: Refusal | None) -> str:
    actor = current_actor()
    found = referral_of(actor.agency_id, referral_id)
    return render_template(
        "referrals/referral.html",
        refusal=refusal,
        referral=found,
        result=found.result,
        route=next(route for route in routes(found.result.task_id) if route.kind == found.kind),
        may_refer=actor.may(Capability.REFER_FINDINGS),
        entered=request.form,
    )
