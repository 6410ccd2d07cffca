"""利害关系申报: an inspector's own page, easy with one hand on a phone; for the head, all of them with the decision."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.core.errors import Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.registers.conflicts import actions
from backend.registers.conflicts.queries import FEWEST_LETTERS, conflicts_seen_by, entities_named
from backend.registers.conflicts.rules import IN_FORCE, STATES, TIES
from backend.registers.inspectors.queries import inspector_of_user

blueprint = Blueprint("conflicts", __name__, url_prefix="/office/conflicts", template_folder="templates")

Answer = str | tuple[str, int] | Response


@blueprint.get("")
@may(Capability.DECLARE_CONFLICTS)
def conflicts() -> str:
    """One's own declarations, and the form of a new one: find the entity, say what the ties are."""
    return _own_page(None)


@blueprint.post("")
@may(Capability.DECLARE_CONFLICTS)
def declare_here() -> Answer:
    """Declare ties."""
    form = request.form
    try:
        entity_id = form.get("entity_id", 0, type=int)
        actions.declare_conflict(current_actor(), entity_id, form.get("tie", ""), form.get("words", ""))
    except Refusal as refusal:
        return _own_page(refusal), refusal.problem.status
    return redirect(url_for("conflicts.conflicts"), 303)


@blueprint.post("/<int:conflict_id>/endings")
@may(Capability.DECLARE_CONFLICTS)
def end_here(conflict_id: int) -> Answer:
    """The ties are gone."""
    try:
        actions.end_conflict(current_actor(), conflict_id)
    except Refusal as refusal:
        return _own_page(refusal), refusal.problem.status
    return redirect(url_for("conflicts.conflicts"), 303)


@blueprint.get("/to-decide")
@may(Capability.DECIDE_CONFLICTS)
def to_decide() -> str:
    """Every declaration of the agency, those that wait first."""
    return _head_page(None)


@blueprint.post("/<int:conflict_id>/decisions")
@may(Capability.DECIDE_CONFLICTS)
def decide_here(conflict_id: int) -> Answer:
    """Confirm the recusal, or find that there is none."""
    form = request.form
    recused = form.get("recused") == "1"
    try:
        actions.decide_conflict(current_actor(), conflict_id, recused, form.get("reason", ""))
    except Refusal as refusal:
        return _head_page(refusal), refusal.problem.status
    return redirect(url_for("conflicts.to_decide"), 303)


def _own_page(refusal: Refusal | None) -> str:
    actor = current_actor()
    words = request.values.get("q", "").strip()
    own = inspector_of_user(actor.user_id)
    return render_template(
        "conflicts/own.html",
        conflicts=[each for each in conflicts_seen_by(actor) if own and each.inspector_id == own.id],
        own=own,
        words=words,
        too_short=bool(words) and len(words) < FEWEST_LETTERS,
        found=entities_named(actor.agency_id, words),
        ties=list(TIES.items()),
        tie_words=TIES,
        states=STATES,
        in_force=IN_FORCE,
        profile=profile_for(actor.agency_id),
        entered=request.form,
        refusal=refusal,
    )


def _head_page(refusal: Refusal | None) -> str:
    actor = current_actor()
    found = conflicts_seen_by(actor)
    return render_template(
        "conflicts/to_decide.html",
        waiting=[each for each in found if each.state == "declared"],
        settled=[each for each in found if each.state != "declared"],
        tie_words=TIES,
        states=STATES,
        profile=profile_for(actor.agency_id),
        refusal=refusal,
    )
