"""Recusals in the office."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.core.errors import Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.planning.matching.actions import declare_recusal, speaks_for_others, withdraw_recusal
from backend.planning.matching.queries import recusals_of
from backend.registers.inspectors.queries import inspector_of_user, inspectors_of

blueprint = Blueprint("matching", __name__, url_prefix="/office/recusals", template_folder="templates")

Answer = tuple[str, int] | Response


@blueprint.get("")
@may(Capability.DECLARE_RECUSAL)
def recusals() -> str:
    """Declared recusals, and the form to declare one."""
    return _page(None)


@blueprint.post("")
@may(Capability.DECLARE_RECUSAL)
def declare_here() -> Answer:
    """Declare a recusal."""
    form = request.form
    try:
        inspector_id = form.get("inspector_id", 0, type=int)
        declare_recusal(current_actor(), inspector_id, form.get("entity_code", ""), form.get("reason", ""))
    except Refusal as refusal:
        return _page(refusal), refusal.problem.status
    return redirect(url_for("matching.recusals"), 303)


@blueprint.post("/<int:recusal_id>/withdrawals")
@may(Capability.DECLARE_RECUSAL)
def withdraw_here(recusal_id: int) -> Answer:
    """Withdraw a recusal."""
    try:
        withdraw_recusal(current_actor(), recusal_id)
    except Refusal as refusal:
        return _page(refusal), refusal.problem.status
    return redirect(url_for("matching.recusals"), 303)


def _page(refusal: Refusal | None) -> str:
    actor = current_actor()
    own = inspector_of_user(actor.user_id)
    everyone = speaks_for_others(actor)
    people = [person for person in inspectors_of(actor.agency_id) if not person.is_expert]
    return render_template(
        "matching/recusals.html",
        recusals=recusals_of(actor.agency_id, None if everyone else own.id if own else 0),
        people=people if everyone else [own] if own else [],
        person_options=[(p.id, p.name) for p in (people if everyone else [own] if own else [])],
        refusal=refusal,
        entered=request.form,
        profile=profile_for(actor.agency_id),
    )
