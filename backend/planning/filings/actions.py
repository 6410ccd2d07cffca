"""Tick off what was filed elsewhere."""

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.planning.filings.models import Filing
from backend.planning.filings.queries import steps_of
from backend.planning.tasks.queries import task_of
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction


def tick_off(actor: Actor, task_id: int, step: str, note: str) -> None:
    """The person says that this step was done on its platform; said once, it stays."""
    require(actor, Capability.FILE_TASKS)
    with transaction():
        hold_chain(actor.agency_id)
        task = task_of(actor.agency_id, task_id)
        wanted = next((held for held in steps_of(task) if held.key == step), None)
        if wanted is None:
            raise Refusal(NOT_FOUND, what="这项备案")
        if wanted.done is not None:
            return
        filing = Filing(
            agency_id=actor.agency_id,
            task_id=task.id,
            step=step,
            note=note.strip(),
            by_name=actor.name,
            at=now(),
        )
        db.session.add(filing)
        db.session.flush()
        record(actor, "task.file", "task", task.id, after={"step": wanted.words, "note": filing.note})
