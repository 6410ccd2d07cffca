"""Who is behind a request of the phone: the session's cookie first, else the push token in `Authorization`."""

from flask import request
from flask_login import current_user

from backend.core.errors import LOGIN_REQUIRED, Refusal
from backend.fieldwork.sync.devices import Sender, sender_by_session, sender_by_token
from backend.foundation.accounts.sessions import current_session_id
from backend.foundation.permissions.access import current_actor


def current_sender() -> Sender:
    """The sender of this request; refused when neither a session nor a token speaks for a known device."""
    device_id = request.headers.get("X-Device")
    secret = _bearer_token()
    if current_user.is_authenticated:
        return sender_by_session(current_actor(), current_session_id(), device_id)
    if secret is None:
        raise Refusal(LOGIN_REQUIRED)
    return sender_by_token(secret, device_id)


def _bearer_token() -> str | None:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret if scheme == "Bearer" and secret else None
