"""The cookie that carries a session, and Flask-Login taught to find the person behind it."""

from dataclasses import dataclass

from flask import Flask, Request, redirect, request, url_for
from flask_login import LoginManager, current_user
from werkzeug.wrappers import Response

from backend.core.errors import PASSWORD_IS_INITIAL, Refusal
from backend.foundation.accounts.actions import SESSION_LENGTH, token_digest
from backend.foundation.accounts.queries import live_session
from backend.foundation.permissions.actor import Actor
from backend.plumbing.clock import now

COOKIE = "yaohao_session"
OPEN_BEFORE = frozenset(
    {
        "accounts.password_page",
        "accounts.change_password_here",
        "accounts.login_page",
        "accounts.log_in_here",
        "accounts.log_out_here",
        "session_api.end_session",
        "session_api.open_session_with_own_password",
        "asset",
        "health",
        "phone_app",
        "phone_app_root",
        "sync_api.meta",
    }
)
"""What somebody with a password that is not their own yet may reach."""


@dataclass(frozen=True)
class SignedIn:
    """The logged-in person as Flask-Login sees them."""

    actor: Actor
    agency_name: str
    session_id: int
    password_is_initial: bool
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
    app.before_request(_replace_a_given_password_first)
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
    if session is None:
        return None
    return SignedIn(session.actor, session.agency_name, session.id, session.password_is_initial)


def _replace_a_given_password_first() -> Response | None:
    """Whoever uses a password that somebody else gave comes no further than the page where it is replaced."""
    if request.endpoint is None or request.endpoint in OPEN_BEFORE or not current_user.is_authenticated:
        return None
    if not current_user.password_is_initial:
        return None
    if request.method == "GET" and not request.path.startswith("/api/"):
        return redirect(url_for("accounts.password_page"), 303)
    raise Refusal(PASSWORD_IS_INITIAL)


def _who_is_here() -> dict[str, object]:
    """What each page's top bar says: the person and their agency, or nothing before login."""
    if not current_user.is_authenticated:
        return {"actor": None, "agency_name": ""}
    return {"actor": current_user.actor, "agency_name": current_user.agency_name}
