"""What an inspector's phone asks about a visit besides sync: a recusal, decided by the unit's leader (003 art. 11)."""

from typing import Any

from flask import Blueprint, Response, jsonify, request
from marshmallow import Schema, fields, validate

from backend.core.errors import NOT_FOUND, Refusal
from backend.fieldwork.visits.queries import visit_of_member
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.planning.adjustments.actions import ask_for_recusal
from backend.planning.adjustments.models import Adjustment
from backend.planning.adjustments.queries import recusal_of
from backend.planning.adjustments.rules import STATUSES
from backend.plumbing.web.requests import validated

blueprint = Blueprint("visits_api", __name__, url_prefix="/api/v1/visits")


class RecusalSchema(Schema):
    """`{reason}`: the ties with the entity, in the inspector's own words."""

    reason = fields.String(required=True, validate=validate.Length(min=1, max=500))


@blueprint.post("/<visit_id>/recusals")
@may(Capability.CAPTURE)
def ask_here(visit_id: str) -> tuple[Response, int]:
    """Ask to be replaced on this visit's team. Asking again answers with the request that waits."""
    visit = visit_of_member(current_actor(), visit_id)
    entered = validated(RecusalSchema(), request.get_json(silent=True))
    if visit.draw_id is None:
        raise Refusal(NOT_FOUND, what="这次检查的摇号")
    asked = ask_for_recusal(current_actor(), visit.draw_id, visit.entity_id, entered["reason"])
    return jsonify(_shown(asked)), 201


@blueprint.get("/<visit_id>/recusals")
@may(Capability.CAPTURE)
def asked_here(visit_id: str) -> Response:
    """The person's last request for this visit, or null."""
    visit = visit_of_member(current_actor(), visit_id)
    asked = recusal_of(visit.draw_id or 0, visit.entity_id, current_actor().user_id)
    return jsonify(_shown(asked) if asked else None)


def _shown(asked: Adjustment) -> dict[str, Any]:
    return {
        "id": asked.id,
        "status": asked.status,
        "words": STATUSES[asked.status],
        "reason": asked.reason,
        "askedAt": asked.asked_at.isoformat(),
        "decidedBy": asked.decided_by_name,
        "note": asked.decision_note,
    }
