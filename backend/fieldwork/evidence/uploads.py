"""Bytes arriving: announced with a signature, in pieces, resumable, hashed whole before they count (sync.md "Endpoints").

A partial file belongs to one device and grows only at its end. The receipt is earned when the row is
committed, and the row is written only after the file is fsynced under its own hash. Whoever only knows a
file's SHA-256 gets nothing by it: the bytes are asked for, unless the person may see them in a visit already.
"""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Update, bindparam, delete, func, select, update

from backend.core.errors import FILE_TOO_BIG, HASH_DIFFERS, NOT_FOUND, OFFSET_DIFFERS, Refusal
from backend.fieldwork.changes.actions import next_server_seq, touch
from backend.fieldwork.evidence.actions import document_id
from backend.fieldwork.evidence.announcing import Announced, announce_news
from backend.fieldwork.evidence.counting import count_whole_file
from backend.fieldwork.evidence.models import EvidenceFile, EvidenceLink, Upload
from backend.fieldwork.evidence.queries import evidence_showing, stored_file, visits_holding
from backend.foundation.audit.actions import hold_chain
from backend.foundation.permissions.actor import Actor
from backend.plumbing.clock import now
from backend.plumbing.db import db, reading, table_of, transaction
from backend.plumbing.files import store

LARGEST_FILE = 2 << 30
LARGEST_PIECE = 1 << 20
ABANDONED_AFTER = timedelta(days=30)
_UPLOADS, _LINKS = table_of(Upload), table_of(EvidenceLink)
_AWAITED = (
    select(_UPLOADS.c.received, func.coalesce(_UPLOADS.c.size, _LINKS.c.size))
    .outerjoin_from(
        _LINKS, _UPLOADS, (_UPLOADS.c.device_id == _LINKS.c.device_id) & (_UPLOADS.c.sha == _LINKS.c.sha)
    )
    .where(_LINKS.c.device_id == bindparam("device"), _LINKS.c.sha == bindparam("sha"))
    .order_by(_LINKS.c.at.desc())
    .limit(1)
)
OFFICE = "office-"
"""How the sender of a recorder's file is named before the person's id: it has no row until the file is whole."""


@dataclass(frozen=True)
class Arrival:
    """How far a file has come: `offset` bytes, and its row once it is whole."""

    offset: int
    file: EvidenceFile | None = None


def announce_file(
    actor: Actor, device_id: str, announced: Announced, own_visits: Callable[[], Collection[str]]
) -> Arrival:
    """Link the file to the visit. One that the person may see anyway, in one of `own_visits()`, needs no bytes; else say from where to send."""
    if announced.size > LARGEST_FILE:
        raise Refusal(FILE_TOO_BIG, most=LARGEST_FILE >> 20)
    if announce_news(actor.agency_id, device_id, announced):
        return Arrival(0)
    # Its first piece may be here already: one of the two begins the upload, and the other finds it begun.
    with store().alone_at(_partial(device_id, announced.sha)):
        return _announced_again(actor, device_id, announced, own_visits)


def progress_of(actor: Actor, device_id: str, sha: str) -> Arrival:
    """How much of a file has arrived from this device."""
    known = stored_file(actor.agency_id, sha)
    if known is not None and any(link.proven_at for link in _links_of(device_id, sha)):
        return Arrival(known.size, known)
    awaited = _awaited(device_id, sha)
    if awaited is None:
        raise Refusal(NOT_FOUND, what=f"文件 {sha[:12]}")
    return Arrival(awaited[0])


def receive(actor: Actor, device_id: str, sha: str, offset: int, piece: bytes) -> Arrival:
    """Write the next piece; the last one makes the file count, or is refused HASH_DIFFERS with the partial dropped."""
    if offset == 0 and _awaited(device_id, sha) == (0, len(piece)):
        return _take_at_once(actor, device_id, sha, piece)
    with store().alone_at(_partial(device_id, sha)):
        upload = _begun(actor, device_id, sha)
        if offset != upload.received:
            raise Refusal(OFFSET_DIFFERS, offset=upload.received)
        if offset + len(piece) > upload.size:
            raise Refusal(FILE_TOO_BIG, most=upload.size >> 20)
        size = upload.size
        received = store().append(_partial(device_id, sha), offset, piece)
        with transaction():
            db.session.execute(_of_this(device_id, sha).values(received=received))
        return _finish(actor, device_id, sha) if received == size else Arrival(received)


def forget_lost_files() -> int:
    """After a restore: rows whose bytes are not in the store count no more, so that phones send them again; how many."""
    lost = [file for file in db.session.scalars(select(EvidenceFile)) if not _is_kept(file)]
    with transaction():
        for file in lost:
            of_file = (EvidenceLink.sha == file.sha) & (EvidenceLink.agency_id == file.agency_id)
            db.session.execute(update(EvidenceLink).where(of_file).values(proven_at=None))
            db.session.execute(
                delete(EvidenceFile).where(
                    EvidenceFile.sha == file.sha, EvidenceFile.agency_id == file.agency_id
                )
            )
    return len(lost)


def sweep_abandoned_uploads() -> None:
    """Let go of what a device began to send and did not go on with for 30 days; done daily by the worker.

    The phone still has those bytes: it got no receipt for them. What has arrived whole stays, whatever its age.
    """
    on_disk = {tuple(name.split("/", 2)[1:]) for name in store().names("uploads")}
    announced = select(Upload.device_id, Upload.sha).where(Upload.begun_at < now() - ABANDONED_AFTER)
    for device_id, sha in sorted(on_disk | {tuple(row) for row in db.session.execute(announced)}):
        partial = _partial(device_id, sha)
        with store().alone_at(partial), transaction():
            upload = db.session.get(Upload, (device_id, sha))
            if _is_abandoned(upload, partial):
                db.session.execute(delete(Upload).where(Upload.device_id == device_id, Upload.sha == sha))
                store().delete(partial)


def _is_abandoned(upload: Upload | None, partial: str) -> bool:
    touched = store().changed_at(partial) if store().exists(partial) else None
    if upload is None:
        is_known = partial.startswith(f"uploads/{OFFICE}")
        return not is_known or touched is None or touched < now() - ABANDONED_AFTER
    last = max(touched or upload.begun_at, upload.begun_at)
    return upload.received < upload.size and last < now() - ABANDONED_AFTER


def _is_kept(file: EvidenceFile) -> bool:
    name = f"evidence/{file.sha}"
    return store().exists(name) and store().size(name) == file.size


def _take_at_once(actor: Actor, device_id: str, sha: str, whole: bytes) -> Arrival:
    if hashlib.sha256(whole).hexdigest() != sha:
        raise Refusal(HASH_DIFFERS, sha=sha[:12])
    store().put(f"evidence/{sha}", whole)
    return _count(actor, device_id, sha, len(whole))


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
    return _count(actor, device_id, sha, store().size(name))


def _count(actor: Actor, device_id: str, sha: str, size: int) -> Arrival:
    file = count_whole_file(actor, device_id, sha, size)
    return Arrival(file.size, file)


def _prove(links: Collection[EvidenceLink], server_seq: int) -> None:
    """These announcements were true; phones of their visits hear that the bytes are here."""
    for link in links:
        link.proven_at = link.proven_at or now()
        for piece in evidence_showing(link.visit_id, link.sha):
            touch(link.agency_id, link.visit_id, "evidence", document_id(piece), server_seq)


def _announced_again(
    actor: Actor, device_id: str, announced: Announced, own_visits: Callable[[], Collection[str]]
) -> Arrival:
    with transaction():
        link = _link(actor, device_id, announced)
        known = stored_file(actor.agency_id, announced.sha)
        if known is not None and (link.proven_at or visits_holding(announced.sha, own_visits())):
            if link.proven_at is None:
                hold_chain(actor.agency_id)
                _prove([link], next_server_seq(actor.agency_id))
            return Arrival(known.size, known)
        received = _expected(actor, device_id, announced).received
    return _finish(actor, device_id, announced.sha) if received == announced.size else Arrival(received)


def _link(actor: Actor, device_id: str, announced: Announced) -> EvidenceLink:
    link = db.session.get(EvidenceLink, (announced.visit_id, announced.sha, device_id))
    if link is None:
        link = EvidenceLink(
            visit_id=announced.visit_id,
            sha=announced.sha,
            device_id=device_id,
            agency_id=actor.agency_id,
            size=announced.size,
            mime=announced.mime,
            capture=announced.capture,
            sig=announced.sig,
            at=now(),
        )
        db.session.add(link)
        db.session.flush()
    return link


def _awaited(device_id: str, sha: str) -> tuple[int, int] | None:
    """How much of an announced file has arrived, and how much it is."""
    with reading() as connection:
        found = connection.execute(_AWAITED, {"device": device_id, "sha": sha}).one_or_none()
    return (found[0] or 0, found[1]) if found else None


def _begun(actor: Actor, device_id: str, sha: str) -> Upload:
    """What has arrived of an announced file; the first piece begins it. The caller is alone with the device's files."""
    # In a transaction of its own: what was read before the wait for the files is older than what another piece began.
    with transaction():
        upload = db.session.get(Upload, (device_id, sha), populate_existing=True)
        if upload is None:
            links = _links_of(device_id, sha)
            is_here = stored_file(actor.agency_id, sha) is not None and any(link.proven_at for link in links)
            if is_here or not links:
                raise Refusal(NOT_FOUND, what=f"文件 {sha[:12]}")
            link = max(links, key=lambda one: one.at)
            upload = Upload(device_id=device_id, sha=sha, agency_id=actor.agency_id, begun_at=now())
            upload.size, upload.mime, upload.received = link.size, link.mime, 0
            db.session.add(upload)
    return upload


def _expected(actor: Actor, device_id: str, announced: Announced) -> Upload:
    upload = db.session.get(Upload, (device_id, announced.sha))
    if upload is None:
        upload = Upload(device_id=device_id, sha=announced.sha, agency_id=actor.agency_id, begun_at=now())
        db.session.add(upload)
    if upload.size != announced.size:
        upload.size, upload.received = announced.size, 0
    upload.mime = announced.mime
    return upload


def _links_of(device_id: str, sha: str) -> list[EvidenceLink]:
    query = select(EvidenceLink).where(EvidenceLink.device_id == device_id, EvidenceLink.sha == sha)
    return list(db.session.scalars(query))


def _drop(device_id: str, sha: str, partial: str) -> None:
    with transaction():
        db.session.execute(_of_this(device_id, sha).values(received=0))
        store().delete(partial)


def _of_this(device_id: str, sha: str) -> Update:
    return update(Upload).where(Upload.device_id == device_id, Upload.sha == sha)


def _sha256(name: str) -> str:
    running = hashlib.sha256()
    with store().open(name) as file:
        while piece := file.read(LARGEST_PIECE):
            running.update(piece)
    return running.hexdigest()


def _partial(device_id: str, sha: str) -> str:
    return f"uploads/{device_id}/{sha}"
