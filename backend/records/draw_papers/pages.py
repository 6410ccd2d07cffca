"""The record of a draw as a PDF."""

from flask import Blueprint, Response

from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.planning.draw.queries import draw_of
from backend.records.draw_papers.paper import draw_paper

blueprint = Blueprint("draw_papers", __name__, url_prefix="/office/draws")


@blueprint.get("/<int:draw_id>/record.pdf")
@may(Capability.SEE_PLANNING)
def record_pdf(draw_id: int) -> Response:
    """What the room saw and signed. No names: the paper may lie on the table before the visits."""
    draw = draw_of(current_actor().agency_id, draw_id)
    name = f"draw-{draw.year}-{draw.number}.pdf"
    return Response(
        draw_paper(draw),
        mimetype="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-store"},
    )
