"""Files that lie whole in the store begin to count: those of one moment in one transaction, after which they have receipts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, tuple_, update

from backend.core.errors import NOT_FOUND, Refusal
from backend.fieldwork.changes.actions import Touched, next_server_seqs
from backend.fieldwork.evidence.models import Evidence, EvidenceFile, EvidenceLink, Upload
from backend.foundation.audit.actions import Deed, hold_chain, record_all
from backend.foundation.permissions.actor import Actor
from backend.plumbing.bulk import insert_rows
from backend.plumbing.clock import now
from backend.plumbing.db import db, table_of, transaction
from backend.plumbing.together import bring_together

_FILE = table_of(EvidenceFile)
_COLUMNS = ("agency_id", "sha", "size", "mime", "stored_at", "server_seq")
Sent = tuple[str, str]
"""A device and the SHA-256 of what it sent."""


@dataclass(frozen=True)
class _Whole:
    actor: Actor
    device_id: str
    sha: str


def count_whole_file(actor: Actor, device_id: str, sha: str) -> EvidenceFile:
    """Let a file that this device has sent whole count; its row, as a value of its own outside any session."""
    return bring_together(actor.agency_id, _count, _Whole(actor, device_id, sha))


def _count(batch: Sequence[_Whole]) -> list[EvidenceFile | Exception]:
    agency_id = batch[0].actor.agency_id
    sent = {(one.device_id, one.sha) for one in batch}
    with transaction():
        hold_chain(agency_id)
        files = _known_files(agency_id, {sha for _, sha in sent})
        uploads = _uploads(sent)
        next_seq = next_server_seqs(agency_id, len(batch))
        places, fresh, deeds = {}, [], []
        for server_seq, one in enumerate(batch, next_seq):
            places[one.device_id, one.sha] = server_seq
            if one.sha not in files and (one.device_id, one.sha) in uploads:
                size, mime = uploads[one.device_id, one.sha]
                files[one.sha] = EvidenceFile(
                    agency_id=agency_id,
                    sha=one.sha,
                    size=size,
                    mime=mime,
                    stored_at=now(),
                    server_seq=server_seq,
                )
                fresh.append((agency_id, one.sha, size, mime, files[one.sha].stored_at, server_seq))
                told = {"size": size, "mime": mime}
                deeds.append(Deed(one.actor, "evidence.store", "evidence", one.sha, after=told))
        insert_rows(EvidenceFile, _COLUMNS, fresh)
        db.session.execute(
            delete(Upload).where(tuple_(Upload.device_id, Upload.sha).in_(uploads)),
            execution_options={"synchronize_session": False},
        )
        _prove(agency_id, places)
        record_all(deeds)
    return [files.get(one.sha) or Refusal(NOT_FOUND, what=f"文件 {one.sha[:12]}") for one in batch]


def _known_files(agency_id: int, shas: Collection[str]) -> dict[str, EvidenceFile]:
    query = select(*_FILE.c).where(_FILE.c.agency_id == agency_id, _FILE.c.sha.in_(shas))
    return {row.sha: EvidenceFile(**row._mapping) for row in db.session.execute(query)}


def _uploads(sent: Collection[Sent]) -> dict[Sent, tuple[int, str]]:
    query = select(Upload.device_id, Upload.sha, Upload.size, Upload.mime)
    found = db.session.execute(query.where(tuple_(Upload.device_id, Upload.sha).in_(sent)))
    return {(device_id, sha): (size, mime) for device_id, sha, size, mime in found}


def _prove(agency_id: int, places: dict[Sent, int]) -> None:
    """What these devices announced was true; phones of the visits hear that the bytes are here."""
    of_these = tuple_(EvidenceLink.device_id, EvidenceLink.sha).in_(places)
    proving = update(EvidenceLink).where(of_these, EvidenceLink.proven_at.is_(None)).values(proven_at=now())
    db.session.execute(proving, execution_options={"synchronize_session": False})
    shown = (
        select(EvidenceLink.device_id, Evidence.visit_id, Evidence.sha, Evidence.item)
        .join(Evidence, (Evidence.visit_id == EvidenceLink.visit_id) & (Evidence.sha == EvidenceLink.sha))
        .where(of_these)
    )
    touched = Touched()
    pieces = [tuple(row) for row in db.session.execute(shown)]
    for device_id, visit_id, sha, item in sorted(pieces, key=lambda piece: places[piece[0], piece[2]]):
        touched.note(agency_id, visit_id, "evidence", f"{visit_id} {sha} {item}", places[device_id, sha])
    touched.write()
