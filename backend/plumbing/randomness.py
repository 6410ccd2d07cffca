"""The running application's source of random bytes; the demonstration hands in a seeded one."""

from collections.abc import Callable

from flask import current_app

from backend.core.ids import uuid7
from backend.plumbing.clock import now


def token(size: int) -> bytes:
    """`size` unpredictable bytes."""
    source: Callable[[int], bytes] = current_app.extensions["randomness"]
    return source(size)


def new_id() -> str:
    """A fresh UUIDv7."""
    return uuid7(int(now().timestamp() * 1000), token(10))
