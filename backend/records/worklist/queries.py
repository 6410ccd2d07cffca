"""The work list of one person: the shares of all stages, joined and in order."""

from collections.abc import Callable
from datetime import date

from backend.foundation.permissions.actor import Actor
from backend.records.worklist.rules import WorkItem, in_order

Share = Callable[[Actor, date], list[WorkItem]]

SHARES: tuple[Share, ...] = ()


def work_for(actor: Actor, today: date) -> list[WorkItem]:
    """What waits for `actor` in their agency, by deadline."""
    return in_order(item for share in SHARES for item in share(actor, today))
