"""The life of this database: a restore from backup begins a new one, so that phones check what they hold."""

from sqlalchemy import select

from backend.fieldwork.changes.actions import skip_numbers_of_a_lost_life
from backend.fieldwork.sync.models import Epoch
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.randomness import new_id


def epoch() -> str:
    """The name of the present epoch; the first one begins when somebody first asks."""
    present = _present()
    return present.name if present else begin_epoch(only_if_none=True)


def begin_epoch(only_if_none: bool = False) -> str:
    """Begin a new epoch; a restore does so before it serves again."""
    with transaction():
        present = _present() if only_if_none else None
        if not only_if_none:
            skip_numbers_of_a_lost_life()
        if present is None:
            present = Epoch(name=new_id(), begun_at=now())
            db.session.add(present)
    return present.name


def _present() -> Epoch | None:
    return db.session.scalar(select(Epoch).order_by(Epoch.id.desc()).limit(1))
