"""What a WSGI server is pointed at: `backend.serving.wsgi:build`, configured by the environment."""

from typing import Any

from backend.app import joined
from backend.settings import settings_from_environment


def build() -> Any:
    """The joined application of this installation."""
    return joined(settings_from_environment())
