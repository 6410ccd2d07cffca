"""Changes of the inspector directory."""

from backend.foundation.audit.actions import record
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db, in_transaction
from backend.registers.columns.rules import Comparison, spelled
from backend.registers.inspectors.columns import columns
from backend.registers.inspectors.models import Inspector


def take_in_inspectors(actor: Actor, comparison: Comparison, source: str) -> None:
    """Write a file's new and changed rows, each with its audit entry, inside the caller's transaction."""
    if not in_transaction():
        raise RuntimeError("rows are taken in inside the transaction of their import")
    defaults = {column.field: column.default for column in columns({}, {})}
    for row in comparison.new:
        values = {**defaults, **row.values}
        person = Inspector(agency_id=actor.agency_id, **values)
        db.session.add(person)
        db.session.flush()
        record(actor, "inspector.enter", "inspector", person.id, after={**spelled(values), "source": source})
    for change in comparison.updated:
        person = db.session.get_one(Inspector, change.id)
        for name, value in change.after.items():
            setattr(person, name, value)
        db.session.flush()
        record(
            actor,
            "inspector.change",
            "inspector",
            person.id,
            before=spelled(change.before),
            after={**spelled(change.after), "source": source},
        )
