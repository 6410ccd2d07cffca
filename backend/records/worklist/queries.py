"""The work list of one person: the shares of all stages, joined and in order."""

from collections.abc import Callable
from datetime import date

from backend.foundation.permissions.actor import Actor
from backend.records.worklist.rules import WorkItem, in_order
from backend.records.worklist.sources import archive, decisions, fieldwork, planning, rules_and_lists

Share = Callable[[Actor, date], list[WorkItem]]

SHARES: tuple[Share, ...] = (
    rules_and_lists.share,
    planning.share,
    fieldwork.share,
    decisions.share,
    archive.share,
)


def work_for(actor: Actor, today: date) -> list[WorkItem]:
    """What waits for `actor` in their agency, by deadline."""
    return in_order(item for share in SHARES for item in share(actor, today))
