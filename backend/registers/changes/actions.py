"""Keep a change, inside the transaction of the action that makes it."""

from collections.abc import Mapping
from typing import Any

from backend.foundation.permissions.actor import Actor
from backend.plumbing.clock import now
from backend.plumbing.db import db, in_transaction
from backend.registers.changes.models import RegisterChange
from backend.registers.columns.rules import spelled


def remember(
    actor: Actor,
    kind: str,
    subject_id: int,
    source: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
) -> None:
    """Keep what a `kind` (`matter`, `inspector`) was and became; `before` is None for a new one."""
    if not in_transaction():
        raise RuntimeError("a change is kept in the transaction that makes it")
    db.session.add(
        RegisterChange(
            agency_id=actor.agency_id,
            kind=kind,
            subject_id=subject_id,
            at=now(),
            by_name=actor.name,
            source=source,
            before=None if before is None else spelled(before),
            after=spelled(after),
        )
    )
