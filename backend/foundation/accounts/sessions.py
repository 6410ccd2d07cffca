"""The cookie that carries a session, and Flask-Login taught to find the person behind it."""

from dataclasses import dataclass

from flask import Flask, Request, request
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response

from backend.foundation.accounts.actions import SESSION_LENGTH, token_digest
from backend.foundation.accounts.queries import actor_of, live_session
from backend.foundation.permissions.actor import Actor
from backend.plumbing.clock import now

COOKIE = "yaohao_session"


@dataclass(frozen=True)
class SignedIn:
    """The logged-in person as Flask-Login sees them."""

    actor: Actor
    agency_name: str
    session_id: int
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return str(self.actor.user_id)


def install(app: Flask) -> None:
    """Let Flask-Login read our own session row instead of its signed cookie."""
    manager = LoginManager()
    manager.init_app(app)
    manager.request_loader(_load)
    app.context_processor(_who_is_here)


def give_cookie(response: Response, secret: str) -> None:
    """Hand the session's secret to the browser: unreadable to scripts, sent to this site only."""
    response.set_cookie(
        COOKIE,
        secret,
        max_age=int(SESSION_LENGTH.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )


def current_session_id() -> int:
    """The session row behind this request."""
    session_id: int = current_user.session_id
    return session_id


def _load(incoming: Request) -> SignedIn | None:
    secret = incoming.cookies.get(COOKIE)
    if not secret:
        return None
    session = live_session(token_digest(secret), now())
    return SignedIn(actor_of(session.user), session.user.agency.name, session.id) if session else None


def _who_is_here() -> dict[str, object]:
    """What each page's top bar says: the person and their agency, or nothing before login."""
    if not current_user.is_authenticated:
        return {"actor": None, "agency_name": ""}
    return {"actor": current_user.actor, "agency_name": current_user.agency_name}
