"""Files that lie whole in the store begin to count: those of one moment in one transaction, after which they have receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, delete, select, update

from backend.core.errors import NOT_FOUND, Refusal
from backend.fieldwork.changes.actions import Touched, next_server_seqs
from backend.fieldwork.evidence.models import Evidence, EvidenceFile, EvidenceLink, Upload
from backend.foundation.audit.actions import Deed, hold_chain, record_all
from backend.foundation.permissions.actor import Actor
from backend.plumbing.bulk import insert_rows
from backend.plumbing.clock import now
from backend.plumbing.db import db, table_of, transaction
from backend.plumbing.together import bring_together

_COLUMNS = ("agency_id", "sha", "size", "mime", "stored_at", "server_seq")
_FILE, _LINK, _UPLOAD, _PIECE = map(table_of, (EvidenceFile, EvidenceLink, Upload, Evidence))
_OF_THE_SENT = and_(
    _LINK.c.sha.in_(bindparam("shas", expanding=True)),
    (_LINK.c.device_id + " " + _LINK.c.sha).in_(bindparam("sent", expanding=True)),
)
_ANNOUNCED = (
    select(
        _LINK.c.device_id,
        _LINK.c.visit_id,
        _LINK.c.sha,
        _LINK.c.mime,
        _FILE.c.size.label("known_size"),
        _FILE.c.mime.label("known_mime"),
        _FILE.c.stored_at,
        _FILE.c.server_seq,
        _UPLOAD.c.received,
        _PIECE.c.item,
    )
    .outerjoin_from(_LINK, _FILE, (_FILE.c.agency_id == _LINK.c.agency_id) & (_FILE.c.sha == _LINK.c.sha))
    .outerjoin(_UPLOAD, (_UPLOAD.c.device_id == _LINK.c.device_id) & (_UPLOAD.c.sha == _LINK.c.sha))
    .outerjoin(_PIECE, (_PIECE.c.visit_id == _LINK.c.visit_id) & (_PIECE.c.sha == _LINK.c.sha))
    .where(_OF_THE_SENT)
    .order_by(_LINK.c.at)
)
_PROVE = update(_LINK).where(_OF_THE_SENT, _LINK.c.proven_at.is_(None)).values(proven_at=bindparam("moment"))
_FORGET = delete(_UPLOAD).where(
    (_UPLOAD.c.device_id + " " + _UPLOAD.c.sha).in_(bindparam("sent", expanding=True)),
    _UPLOAD.c.sha.in_(bindparam("shas", expanding=True)),
)


@dataclass(frozen=True)
class _Whole:
    actor: Actor
    device_id: str
    sha: str
    size: int


def count_whole_file(actor: Actor, device_id: str, sha: str, size: int) -> EvidenceFile:
    """Let a file that this device announced and sent whole count; its row, as a value of its own outside any session."""
    return bring_together(actor.agency_id, _count, _Whole(actor, device_id, sha, size))


def _count(batch: Sequence[_Whole]) -> list[EvidenceFile | Exception]:
    agency_id, moment = batch[0].actor.agency_id, now()
    asked = {
        "shas": list({one.sha for one in batch}),
        "sent": [f"{one.device_id} {one.sha}" for one in batch],
    }
    with transaction():
        hold_chain(agency_id)
        connection = db.session.connection()
        announced = connection.execute(_ANNOUNCED, asked).all()
        files = {row.sha: _known(agency_id, row) for row in announced if row.server_seq is not None}
        mimes = {(row.device_id, row.sha): row.mime for row in announced}
        next_seq = next_server_seqs(agency_id, len(batch))
        places, deeds = {}, []
        for server_seq, one in enumerate(batch, next_seq):
            places[one.device_id, one.sha] = server_seq
            if one.sha not in files and (one.device_id, one.sha) in mimes:
                mime = mimes[one.device_id, one.sha]
                files[one.sha] = _file(agency_id, one.sha, one.size, mime, moment, server_seq)
                told = {"size": one.size, "mime": mime}
                deeds.append(Deed(one.actor, "evidence.store", "evidence", one.sha, after=told))
        fresh = [files[str(deed.on_id)] for deed in deeds]
        insert_rows(
            EvidenceFile, _COLUMNS, [tuple(getattr(file, name) for name in _COLUMNS) for file in fresh]
        )
        connection.execute(_PROVE, {**asked, "moment": moment})
        if any(row.received is not None for row in announced):
            connection.execute(_FORGET, asked)
        _tell_phones(agency_id, announced, places)
        record_all(deeds)
    return [files.get(one.sha) or Refusal(NOT_FOUND, what=f"文件 {one.sha[:12]}") for one in batch]


def _tell_phones(agency_id: int, announced: Sequence[Any], places: dict[tuple[str, str], int]) -> None:
    """Phones of the visits hear that the bytes are here."""
    touched = Touched()
    shown = [row for row in announced if row.item is not None]
    for row in sorted(shown, key=lambda row: places[row.device_id, row.sha]):
        document = f"{row.visit_id} {row.sha} {row.item}"
        touched.note(agency_id, row.visit_id, "evidence", document, places[row.device_id, row.sha])
    touched.write()


def _known(agency_id: int, row: Any) -> EvidenceFile:
    return _file(agency_id, row.sha, row.known_size, row.known_mime, row.stored_at, row.server_seq)


def _file(
    agency_id: int, sha: str, size: int, mime: str, stored_at: datetime, server_seq: int
) -> EvidenceFile:
    return EvidenceFile(
        agency_id=agency_id, sha=sha, size=size, mime=mime, stored_at=stored_at, server_seq=server_seq
    )
