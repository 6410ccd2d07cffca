"""What every capture shares: where it came from, and what became of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class Origin(NamedTuple):
    """The op behind a change: whose, from which device, at which place in the agency's order."""

    op_id: str
    device_id: str
    user_id: int
    agency_id: int
    visit_id: str
    server_seq: int
    received_at: datetime


class Status(StrEnum):
    """What became of an op; `duplicate` repeats the first status beside it."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    QUARANTINED = "quarantined"


@dataclass(frozen=True)
class Gap:
    """One thing that stands in the way: a code, and the path or person it concerns."""

    code: str
    what: str


class Outcome(NamedTuple):
    """What an op came to. `rev` is that of the answer it concerns; `gaps` say why a step is blocked."""

    status: Status = Status.APPLIED
    reason: str | None = None
    rev: int = 0
    gaps: tuple[Gap, ...] = ()


APPLIED = Outcome()


def quarantined(reason: str, gaps: tuple[Gap, ...] = ()) -> Outcome:
    """Kept on record, without effect."""
    return Outcome(Status.QUARANTINED, reason, gaps=gaps)
