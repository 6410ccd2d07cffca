"""The photo of an inspector that the phone shows at the door: made small and plain in the darkroom, known by its SHA-256."""

import hashlib
import tempfile
from pathlib import Path
from typing import IO

from sqlalchemy import select

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.darkroom import darkroom
from backend.plumbing.db import db, transaction
from backend.plumbing.events import announce
from backend.plumbing.files import store
from backend.registers.inspectors.models import Inspector
from backend.registers.inspectors.queries import inspector


def keep_portrait(actor: Actor, inspector_id: int, picture: IO[bytes]) -> Inspector:
    """Take a photo over, upright, small and without camera data; the phones of open visits hear of it."""
    require(actor, Capability.KEEP_INSPECTORS)
    made = _small(picture, inspector(actor.agency_id, inspector_id).name)
    sha = hashlib.sha256(made).hexdigest()
    store().put(f"portraits/{sha}", made)
    with transaction():
        hold_chain(actor.agency_id)
        person = inspector(actor.agency_id, inspector_id)
        before, person.portrait = person.portrait, sha
        record(
            actor,
            "inspector.portrait",
            "inspector",
            person.id,
            before={"portrait": before},
            after={"portrait": sha},
        )
        announce("inspector.changed", actor=actor, inspector_id=person.id)
        return person


def portrait_held(agency_id: int, sha: str) -> Path:
    """Where the photo lies; refused unless it is that of one of the agency's own people."""
    owner = select(Inspector.id).where(Inspector.agency_id == agency_id, Inspector.portrait == sha).limit(1)
    if db.session.scalar(owner) is None:
        raise Refusal(NOT_FOUND, what="这张照片")
    return store().path(f"portraits/{sha}")


def _small(picture: IO[bytes], name: str) -> bytes:
    with tempfile.NamedTemporaryFile() as kept:
        while piece := picture.read(1 << 20):
            kept.write(piece)
        kept.flush()
        return darkroom.rendition(Path(kept.name), f"{name}的照片")
