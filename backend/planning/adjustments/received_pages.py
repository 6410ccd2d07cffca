"""The teams of a received list in the office: one entity, who goes there, and another inspector for a seat."""

from flask import Blueprint, render_template, request, url_for

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.planning.adjustments.asking import ask_for_received
from backend.planning.adjustments.deciding import change_received_team
from backend.planning.adjustments.pages import CHIPS, paper_sent
from backend.planning.adjustments.places import to_appoint
from backend.planning.adjustments.queries import told_adjustments
from backend.planning.adjustments.rules import KINDS, STATUSES
from backend.planning.received.queries import list_of, listed_entity, seats_of
from backend.planning.tasks.queries import rules_of_task, task_of
from backend.plumbing.db import db
from backend.plumbing.web.stepping import Answer, stepped
from backend.registers.inspectors.models import Inspector

blueprint = Blueprint("received_teams", __name__, url_prefix="/office/received", template_folder="templates")


@blueprint.get("/<int:task_id>/entities/<int:entity_id>")
@may(Capability.ASK_ADJUSTMENT)
def adjust(task_id: int, entity_id: int) -> str:
    """One entity of a received list and its team: who may be changed, and who was."""
    return _page(task_id, entity_id, None)


@blueprint.post("/<int:task_id>/entities/<int:entity_id>/seats/<int:seat_id>")
@may(Capability.ASK_ADJUSTMENT)
def change(task_id: int, entity_id: int, seat_id: int) -> Answer:
    """Another inspector for one seat: asked for, or decided at once by whoever decides."""
    actor, form = current_actor(), request.form
    kind, reason = form.get("kind", ""), form.get("reason", "")
    if kind not in ("redraw", "appoint"):
        raise Refusal(NOT_FOUND, what="这种调整")

    def step() -> None:
        if actor.may(Capability.DECIDE_ON_DRAW):
            person = form.get("inspector_id", 0, type=int) if kind == "appoint" else None
            change_received_team(actor, task_id, seat_id, reason, paper_sent(), person)
        else:
            ask_for_received(actor, kind, task_id, seat_id, reason, paper_sent())

    then = url_for("received.one", task_id=task_id)
    return stepped(step, lambda refusal: _page(task_id, entity_id, refusal), then)


def _page(task_id: int, entity_id: int, refusal: Refusal | None) -> str:
    actor = current_actor()
    task = task_of(actor.agency_id, task_id)
    row, entity = listed_entity(task, entity_id)
    seats, profile = seats_of(task.id, entity_id), rules_of_task(task.id)
    by_appointment = profile.text("replacement.inspector") == "appoint"
    return render_template(
        "adjustments/received.html",
        task=task,
        held=list_of(task),
        row=row,
        entity=entity,
        seats=[(seat, db.session.get_one(Inspector, seat.inspector_id)) for seat in seats],
        is_out=task.status == "dispatched",
        to_appoint={seat.id: [(i.id, i.name) for i in to_appoint(actor.agency_id, seat)] for seat in seats},
        by_appointment=by_appointment,
        reasons="、".join(profile.words("replacement.reasons")),
        earlier=told_adjustments(actor.agency_id, tuple(STATUSES), task.id, entity_id),
        decides=actor.may(Capability.DECIDE_ON_DRAW),
        kinds=KINDS,
        statuses=STATUSES,
        chips=CHIPS,
        profile=profile,
        refusal=refusal,
    )
