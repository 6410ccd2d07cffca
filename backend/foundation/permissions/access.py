"""The guard at the door: each view says who may enter, and a view that says nothing lets nobody in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, request
from flask_login import current_user

from backend.core.errors import LOGIN_REQUIRED, Refusal
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Access:
    """What a view asks for: a capability, or None for a door open to anyone (which then guards itself)."""

    capability: Capability | None


def may(capability: Capability) -> Callable[[View], View]:
    """Mark a view: only people whose role carries `capability`."""
    return _mark(Access(capability))


def anyone(view: View) -> View:
    """Mark a view as open without a login: public, or checking a token of its own."""
    return _mark(Access(None))(view)


def current_actor() -> Actor:
    """The person behind this request. Refuses when nobody is logged in."""
    if not current_user.is_authenticated:
        raise Refusal(LOGIN_REQUIRED)
    actor: Actor = current_user.actor
    return actor


def access_of(app: Flask, endpoint: str, method: str) -> Access | None:
    """The mark on a view, also where it sits on one method of a class-based view. None if it bears none."""
    view = app.view_functions[endpoint]
    owner = getattr(view, "view_class", None)
    marked = getattr(owner, method.lower(), None) if owner is not None else view
    return getattr(marked, "access", None)


def guard(app: Flask) -> None:
    """Check every request of `app` against the mark of its view."""

    def check() -> None:
        if request.endpoint is None or request.method == "OPTIONS":
            return
        method = (
            "GET"
            if request.method == "HEAD" and access_of(app, request.endpoint, "HEAD") is None
            else request.method
        )
        access = access_of(app, request.endpoint, method)
        if access is None:
            raise RuntimeError(f"the route {request.endpoint} does not say who may use it")
        if access.capability is not None:
            require(current_actor(), access.capability)

    app.before_request(check)


def _mark(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark
