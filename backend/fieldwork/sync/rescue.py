"""A bundle that a phone could not sync: taken as it is, encrypted, for an administrator to open off the web process."""

from datetime import timedelta
from typing import BinaryIO

from sqlalchemy import func, select

from backend.core.errors import RESCUE_LIMIT, Refusal
from backend.fieldwork.sync.devices import Sender
from backend.fieldwork.sync.models import Rescue
from backend.foundation.audit.actions import record
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store
from backend.plumbing.randomness import new_id

LARGEST = 2 << 30
MOST_PER_HOUR = 6


def take_bundle(sender: Sender, bundle: BinaryIO) -> str:
    """Store the bundle unread and say under which id it lies."""
    since = now() - timedelta(hours=1)
    recent = select(func.count()).where(Rescue.user_id == sender.actor.user_id, Rescue.at > since)
    if (db.session.scalar(recent) or 0) >= MOST_PER_HOUR:
        raise Refusal(RESCUE_LIMIT, most=MOST_PER_HOUR, minutes=60)
    rescue_id = new_id()
    store().put(f"rescue/{rescue_id}", bundle)
    size = store().size(f"rescue/{rescue_id}")
    with transaction():
        db.session.add(
            Rescue(
                id=rescue_id,
                agency_id=sender.actor.agency_id,
                user_id=sender.actor.user_id,
                device_id=sender.device.id,
                size=size,
                at=now(),
            )
        )
        record(sender.actor, "rescue.take", "rescue", rescue_id, after={"size": size})
    return rescue_id
