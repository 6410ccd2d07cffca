"""What a WSGI server is pointed at: `backend.serving.wsgi:build`, configured by the environment."""

from typing import Any

from flask import Flask

from backend.app import create_app, joined
from backend.settings import Settings, settings_from_environment


def build() -> Any:
    """The joined application of this installation; in a process forked after `prepare`, the one that is there already."""
    return _prepared[0] if _prepared else joined(settings_from_environment())


def prepare(settings: Settings) -> Flask:
    """Put the application together before processes are forked: it has not spoken to the database yet, so each will by itself.

    The staff's application, for the process that does the jobs.
    """
    office = create_app(settings)
    _prepared[:] = [joined(settings, office)]
    return office


_prepared: list[Any] = []
