"""Bytes arriving: announced with a signature, in pieces, resumable, hashed whole before they count (sync.md "Endpoints").

A partial file belongs to one device and grows only at its end. The receipt is earned when the row is
committed, and the row is written only after the file is fsynced under its own hash.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from backend.core.errors import FILE_TOO_BIG, HASH_DIFFERS, NOT_FOUND, OFFSET_DIFFERS, Refusal
from backend.fieldwork.changes.actions import next_server_seq, touch
from backend.fieldwork.evidence.actions import document_id
from backend.fieldwork.evidence.models import EvidenceFile, EvidenceLink, Upload
from backend.fieldwork.evidence.queries import evidence_of, stored_file, visits_linked_to
from backend.fieldwork.evidence.renditions import print_rendition
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store

LARGEST_FILE = 2 << 30
LARGEST_PIECE = 1 << 20


@dataclass(frozen=True)
class Announced:
    """What the phone says of a file before sending it."""

    visit_id: str
    sha: str
    size: int
    mime: str
    capture: dict[str, Any]
    sig: str


@dataclass(frozen=True)
class Arrival:
    """How far a file has come: `offset` bytes, and its row once it is whole."""

    offset: int
    file: EvidenceFile | None = None


def announce_file(actor: Actor, device_id: str, announced: Announced) -> Arrival:
    """Link the file to the visit. A file that the agency holds whole needs no bytes; else say from where to send."""
    if announced.size > LARGEST_FILE:
        raise Refusal(FILE_TOO_BIG, most=LARGEST_FILE >> 20)
    with transaction():
        _link(actor, device_id, announced)
        known = stored_file(actor.agency_id, announced.sha)
        if known is not None:
            return Arrival(known.size, known)
        upload = db.session.get(Upload, (device_id, announced.sha))
        if upload is None:
            upload = Upload(device_id=device_id, sha=announced.sha, agency_id=actor.agency_id, begun_at=now())
            db.session.add(upload)
        if upload.size != announced.size:
            upload.size, upload.received = announced.size, 0
        upload.mime = announced.mime
        received = upload.received
    if received == announced.size:
        return _finish(actor, device_id, announced.sha)
    return Arrival(received)


def progress_of(actor: Actor, device_id: str, sha: str) -> Arrival:
    """How much of a file has arrived from this device."""
    known = stored_file(actor.agency_id, sha)
    upload = db.session.get(Upload, (device_id, sha))
    if upload is None and not (known and any(_announced_by(device_id, sha))):
        raise Refusal(NOT_FOUND, what=f"文件 {sha[:12]}")
    if known is not None:
        return Arrival(known.size, known)
    assert upload is not None
    return Arrival(upload.received)


def receive(actor: Actor, device_id: str, sha: str, offset: int, piece: bytes) -> Arrival:
    """Write the next piece; the last one makes the file count, or is refused HASH_DIFFERS with the partial dropped."""
    with transaction():
        upload = db.session.get(Upload, (device_id, sha), with_for_update=True, populate_existing=True)
        if upload is None:
            raise Refusal(NOT_FOUND, what=f"文件 {sha[:12]}")
        if offset != upload.received:
            raise Refusal(OFFSET_DIFFERS, offset=upload.received)
        if offset + len(piece) > upload.size:
            raise Refusal(FILE_TOO_BIG, most=upload.size >> 20)
        upload.received = store().append(_partial(device_id, sha), offset, piece)
        received, size = upload.received, upload.size
    return _finish(actor, device_id, sha) if received == size else Arrival(received)


def _finish(actor: Actor, device_id: str, sha: str) -> Arrival:
    partial, name = _partial(device_id, sha), f"evidence/{sha}"
    if store().exists(partial) and _sha256(partial) != sha:
        _drop(device_id, sha, partial)
        raise Refusal(HASH_DIFFERS, sha=sha[:12])
    if store().exists(partial):
        store().promote(partial, name)
    if not store().exists(name):
        _drop(device_id, sha, partial)
        raise Refusal(OFFSET_DIFFERS, offset=0)
    width, height = _keep_rendition(name)
    with transaction():
        hold_chain(actor.agency_id)
        file = stored_file(actor.agency_id, sha)
        if file is None:
            file = _count(actor, device_id, sha, width, height)
    return Arrival(file.size, file)


def _count(actor: Actor, device_id: str, sha: str, width: int, height: int) -> EvidenceFile:
    server_seq = next_server_seq(actor.agency_id)
    upload = db.session.get_one(Upload, (device_id, sha))
    file = EvidenceFile(
        agency_id=actor.agency_id,
        sha=sha,
        size=upload.size,
        mime=upload.mime,
        stored_at=now(),
        server_seq=server_seq,
        print_width=width,
        print_height=height,
    )
    db.session.add(file)
    db.session.delete(upload)
    for visit_id in visits_linked_to(sha):
        for piece in evidence_of(visit_id):
            if piece.sha == sha:
                touch(actor.agency_id, visit_id, "evidence", document_id(piece), server_seq)
    record(actor, "evidence.store", "evidence", sha, after={"size": file.size, "mime": file.mime})
    return file


def _link(actor: Actor, device_id: str, announced: Announced) -> None:
    if db.session.get(EvidenceLink, (announced.visit_id, announced.sha)) is not None:
        return
    db.session.add(
        EvidenceLink(
            visit_id=announced.visit_id,
            sha=announced.sha,
            device_id=device_id,
            size=announced.size,
            mime=announced.mime,
            capture=announced.capture,
            sig=announced.sig,
            at=now(),
        )
    )
    db.session.flush()


def _announced_by(device_id: str, sha: str) -> list[EvidenceLink]:
    return db.session.query(EvidenceLink).filter_by(device_id=device_id, sha=sha).all()


def _drop(device_id: str, sha: str, partial: str) -> None:
    with transaction():
        of_this = (Upload.device_id == device_id) & (Upload.sha == sha)
        db.session.execute(update(Upload).where(of_this).values(received=0))
        store().delete(partial)


def _keep_rendition(name: str) -> tuple[int, int]:
    with store().open(name) as original:
        rendition = print_rendition(original)
    if rendition is None:
        return 0, 0
    picture, width, height = rendition
    store().put(f"{name}.print.jpg", picture)
    return width, height


def _sha256(name: str) -> str:
    running = hashlib.sha256()
    with store().open(name) as file:
        while piece := file.read(LARGEST_PIECE):
            running.update(piece)
    return running.hexdigest()


def _partial(device_id: str, sha: str) -> str:
    return f"uploads/{device_id}/{sha}"
