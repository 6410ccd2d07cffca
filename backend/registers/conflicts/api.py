"""Declarations that a phone kept while it had no signal: `PUT /api/v1/conflicts/<uuid>`, the same again counts once."""

from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from marshmallow import RAISE, Schema, fields, validate

from backend.core.errors import LOGIN_REQUIRED, Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.plumbing.web.requests import validated
from backend.registers.conflicts.actions import declare_conflict
from backend.registers.conflicts.queries import conflict_sent_as, entity_called
from backend.registers.conflicts.rules import TIES

blueprint = Blueprint("conflicts_api", __name__, url_prefix="/api/v1/conflicts")


class DeclarationSchema(Schema):
    """What an inspector declares, and in whose database it was kept."""

    class Meta:
        unknown = RAISE

    userId = fields.Integer(strict=True, required=True)
    entity = fields.String(required=True, validate=validate.Length(min=1, max=200))
    tie = fields.String(required=True, validate=validate.OneOf(list(TIES)))
    words = fields.String(required=True, validate=validate.Length(max=2000))


@blueprint.put("/<uuid:request_id>")
@may(Capability.DECLARE_CONFLICTS)
def declare(request_id: UUID) -> tuple[Response, int]:
    """Take a declaration; 201 the first time, 200 when it is here already. Nobody speaks for a colleague."""
    actor = current_actor()
    entered = validated(DeclarationSchema(), request.get_json(silent=True))
    if entered["userId"] != actor.user_id:
        raise Refusal(LOGIN_REQUIRED)
    known = conflict_sent_as(actor, str(request_id))
    if known is not None:
        return jsonify(state=known.state), 200
    meant = entity_called(actor.agency_id, entered["entity"])
    declared = declare_conflict(actor, meant.id, entered["tie"], entered["words"], str(request_id))
    return jsonify(state=declared.state), 201
