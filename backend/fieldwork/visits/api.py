"""What the phone asks about one visit by itself: the party's copy as a picture to be scanned."""

from flask import Blueprint, Response, request

from backend.fieldwork.visits.copies import as_qr, copy_path
from backend.fieldwork.visits.queries import visit_for
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability

blueprint = Blueprint("visits_api", __name__, url_prefix="/api/v1/visits")


@blueprint.get("/<visit_id>/copy.svg")
@may(Capability.SEE_VISITS)
def copy_as_qr(visit_id: str) -> Response:
    """The address of the party's copy, to be scanned from the inspector's phone."""
    visit = visit_for(current_actor(), visit_id)
    response = Response(as_qr(request.host_url.rstrip("/") + copy_path(visit)), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    return response
