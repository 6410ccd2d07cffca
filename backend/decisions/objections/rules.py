"""Whether an objection comes in time, and whether a correction corrects anything. Pure."""

from collections.abc import Mapping
from datetime import date

from backend.core.workdays import Deadline

CORRECTED_FIELDS = ("code", "text", "disposal")


def in_time(received: date, lodge: Deadline | None) -> bool:
    """Whether an objection received on this day must be taken (003 art. 16); without a deadline it always must."""
    return lodge is None or received <= lodge.due


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The fields that a correction alters."""
    return [name for name in CORRECTED_FIELDS if before[name].strip() != after[name].strip()]
