"""What the phone sends to log in and what it gets back."""

from typing import Any

from marshmallow import Schema, fields, validate

from backend.foundation.accounts.queries import agency
from backend.foundation.permissions.actor import Actor


class LoginSchema(Schema):
    """`{login, password}`."""

    login = fields.String(required=True, validate=validate.Length(1, 100))
    password = fields.String(required=True, validate=validate.Length(1, 200))


class OwnPasswordSchema(LoginSchema):
    """`{login, password, chosen}`: the password that was given, and the one to replace it."""

    chosen = fields.String(required=True, validate=validate.Length(1, 200))


def signed_in_as(actor: Actor) -> dict[str, Any]:
    """`{user: {id, name, agencyId, agencyName, roles}}`."""
    return {
        "user": {
            "id": actor.user_id,
            "name": actor.name,
            "agencyId": actor.agency_id,
            "agencyName": agency(actor.agency_id).name,
            "roles": sorted(actor.roles),
        }
    }
