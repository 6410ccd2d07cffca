"""Log in and out for the phone: `/api/v1/session`."""

from typing import Any

from flask import Blueprint, Response, jsonify, request

from backend.foundation.accounts.actions import log_in, log_in_with_own_password, log_out
from backend.foundation.accounts.schemas import LoginSchema, OwnPasswordSchema, signed_in_as
from backend.foundation.accounts.sessions import COOKIE, current_session_id, give_cookie
from backend.foundation.permissions.access import anyone, current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.plumbing.web.requests import validated

blueprint = Blueprint("session_api", __name__, url_prefix="/api/v1/session")


@blueprint.post("")
@anyone
def open_session() -> Response:
    """Log in: answers who you are and sets the session cookie."""
    entered: dict[str, Any] = validated(LoginSchema(), request.get_json(silent=True))
    actor, secret = log_in(entered["login"], entered["password"], request.user_agent.string)
    response = jsonify(signed_in_as(actor))
    give_cookie(response, secret)
    return response


@blueprint.post("/passwords")
@anyone
def open_session_with_own_password() -> Response:
    """Replace the password that somebody gave, and log in with the chosen one."""
    entered: dict[str, Any] = validated(OwnPasswordSchema(), request.get_json(silent=True))
    actor, secret = log_in_with_own_password(
        entered["login"], entered["password"], entered["chosen"], request.user_agent.string
    )
    response = jsonify(signed_in_as(actor))
    give_cookie(response, secret)
    return response


@blueprint.get("")
@may(Capability.SEE_OWN_SESSION)
def show_session() -> Response:
    """Who is logged in."""
    return jsonify(signed_in_as(current_actor()))


@blueprint.delete("")
@may(Capability.SEE_OWN_SESSION)
def end_session() -> Response:
    """Log out on this device."""
    log_out(current_actor(), current_session_id())
    response = Response(status=204)
    response.delete_cookie(COOKIE)
    return response
