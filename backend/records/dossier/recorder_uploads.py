"""A recorder's file from an office PC, in pieces: resumable, hashed whole before it counts, never in memory whole.

How far a file has come is the length of its partial file, which belongs to one person; choosing the same file again
goes on where it broke off.
"""

import hashlib
from datetime import datetime

from backend.core.errors import FILE_TOO_BIG, HASH_DIFFERS, OFFSET_DIFFERS, RECORDING_TWICE, Refusal
from backend.fieldwork.evidence.uploads import OFFICE
from backend.foundation.permissions.actor import Actor
from backend.plumbing.files import store
from backend.records.dossier.actions import Kept, dossier_for_recordings, kind_of_recording, tie_recording
from backend.records.dossier.evidence_parts import recordings_of
from backend.records.dossier.models import Recording

LARGEST_RECORDING = 8 << 30
LARGEST_PIECE = 1 << 20


def progress_of(actor: Actor, dossier_id: int, sha: str) -> int:
    """How many bytes of the file this person has sent."""
    dossier_for_recordings(actor, dossier_id)
    return _length(_partial(actor, sha))


def receive(actor: Actor, dossier_id: int, sha: str, offset: int, piece: bytes) -> int:
    """Write the next piece; refused with the true offset when another one is due."""
    dossier_for_recordings(actor, dossier_id)
    partial = _partial(actor, sha)
    with store().alone_at(partial):
        if offset != _length(partial):
            raise Refusal(OFFSET_DIFFERS, offset=_length(partial))
        if offset + len(piece) > LARGEST_RECORDING:
            raise Refusal(FILE_TOO_BIG, most=LARGEST_RECORDING >> 20)
        return store().append(partial, offset, piece)


def finish(
    actor: Actor, dossier_id: int, sha: str, name: str, duration_s: int | None, taken_at: datetime | None
) -> Recording:
    """The last piece is here: hash the whole, give it its name, tie it to the visit. Other bytes than announced are dropped.

    Whoever only knows a file's SHA-256 gets nothing by it: the bytes are asked for, whoever else has sent them before.
    """
    dossier = dossier_for_recordings(actor, dossier_id)
    partial, final = _partial(actor, sha), f"evidence/{sha}"
    with store().alone_at(partial):
        if not store().exists(partial):
            if any(row.sha256 == sha for row in recordings_of(dossier.visit_id)):
                raise Refusal(RECORDING_TWICE, name=name)
            raise Refusal(OFFSET_DIFFERS, offset=0)
        _check(partial, sha)
        mime = kind_of_recording(name, _beginning(partial))
        store().promote(partial, final)
    return tie_recording(actor, dossier, Kept(name, mime, sha, store().size(final)), duration_s, taken_at)


def _check(partial: str, sha: str) -> None:
    seen = hashlib.sha256()
    with store().open(partial) as file:
        while block := file.read(LARGEST_PIECE):
            seen.update(block)
    if seen.hexdigest() != sha:
        store().delete(partial)
        raise Refusal(HASH_DIFFERS, sha=sha[:12])


def _beginning(name: str) -> bytes:
    with store().open(name) as file:
        return file.read(8192)


def _length(partial: str) -> int:
    return store().size(partial) if store().exists(partial) else 0


def _partial(actor: Actor, sha: str) -> str:
    return f"uploads/{OFFICE}{actor.user_id}/{sha}"
