"""What two answers to one question become: never decided by a clock (sync.md "Conflicts"). Pure."""

from enum import StrEnum
from typing import Any, NamedTuple

from backend.core.canonical_json import canonical


class Present(NamedTuple):
    """The answer the server holds: its revision, its value, and the device it came from."""

    rev: int = 0
    value: Any = None
    device_id: str | None = None


class Meeting(StrEnum):
    """What a new value does to the present one."""

    APPLY = "apply"
    SAME = "same"
    BESIDE = "beside"


def meet(present: Present, value: Any, base_rev: int, device_id: str) -> Meeting:
    """Decide between two answers, never by clock: the one that saw the present value, or made it, replaces it."""
    if present.rev and canonical(present.value) == canonical(value):
        return Meeting.SAME
    if base_rev == present.rev or present.device_id == device_id:
        return Meeting.APPLY
    return Meeting.BESIDE
