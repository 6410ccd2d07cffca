"""The archivist's verbs: open, print, ask for sealing, supplement, register a recorder's file.

Nothing is typeset here: printing and sealing are jobs (`printing.py`). A sealed dossier never changes.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import IO

import filetype
from sqlalchemy import select

from backend.core.errors import (
    DOSSIER_AT_THE_PRINTER,
    DOSSIER_HAS_GAPS,
    DOSSIER_SEALED,
    RECORDING_EMPTY,
    RECORDING_NOT_KNOWN,
    RECORDING_TWICE,
    SUPPLEMENT_HAS_NOTHING,
    Refusal,
)
from backend.fieldwork.visits.models import Visit
from backend.foundation.accounts.models import Agency
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.jobs.actions import enqueue
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store
from backend.records.documents.content import DossierContent, Gap
from backend.records.dossier.evidence_parts import kind_of, recordings_of
from backend.records.dossier.models import ArchiveCounter, Dossier, Recording
from backend.records.dossier.queries import dossier_for, dossiers_of_visit, job_of_dossier, standing_of
from backend.records.dossier.rules import reference

PRINT_JOB, SEAL_JOB = "dossier.print", "dossier.seal"
_KNOWN_FILES = ("video/", "audio/", "image/", "application/pdf")
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Kept:
    """A recording as it lies in the store."""

    name: str
    mime: str
    sha256: str
    size: int


def open_dossier(actor: Actor, visit_id: str) -> Dossier:
    """React to a visit's end (approved, or closed as cannot-inspect): its dossier begins. Opening twice opens once."""
    with transaction():
        held = dossiers_of_visit(visit_id)
        if held:
            return held[0]
        visit = db.session.get_one(Visit, visit_id)
        return _new_volume(actor, visit, 1)


def require_unsealed(actor: Actor, visit_id: str) -> None:
    """React to a visit's being opened again: a dossier that is sealed, or at the sealer's, is supplemented instead."""
    require(actor, Capability.REOPEN_VISIT)
    if any(dossier.status != "open" for dossier in dossiers_of_visit(visit_id)):
        raise Refusal(DOSSIER_SEALED)


def print_draft(actor: Actor, dossier_id: int) -> Dossier:
    """Have the dossier printed as it stands, to look at; pressing twice prints once."""
    require(actor, Capability.SEE_DOSSIERS)
    with transaction():
        dossier = _locked(actor, dossier_id)
        if dossier.status == "sealed":
            raise Refusal(DOSSIER_SEALED)
        if not is_at_the_printer(dossier):
            dossier.job_id = enqueue(actor, PRINT_JOB, dossier_id=dossier.id).id
        return dossier


def ask_for_sealing(actor: Actor, dossier_id: int, remarks: str, gap_reason: str) -> Dossier:
    """Take the archive number and have the dossier sealed. With gaps only the head may, and only with a reason."""
    require(actor, Capability.BIND_DOSSIERS)
    with transaction():
        hold_chain(actor.agency_id)
        dossier = _locked(actor, dossier_id)
        if dossier.status == "sealed":
            raise Refusal(DOSSIER_SEALED)
        if is_at_the_printer(dossier):
            raise Refusal(DOSSIER_AT_THE_PRINTER)
        moment = now().replace(microsecond=0)
        standing = standing_of(dossier, moment)
        require_whole(actor, standing.gaps, gap_reason)
        dossier.status = "sealing"
        dossier.asked_at, dossier.asked_by_name = moment, actor.name
        dossier.remarks = remarks.strip()
        dossier.gap_reason = gap_reason.strip() if standing.gaps else ""
        _take_archive_no(dossier, standing.content)
        dossier.job_id = enqueue(actor, SEAL_JOB, dossier_id=dossier.id).id
        after = {
            "archive_no": dossier.archive_no,
            "gaps": [gap.piece for gap in standing.gaps],
            "gap_reason": dossier.gap_reason,
        }
        record(actor, "dossier.ask", "dossier", dossier.id, after=after)
        return dossier


def require_whole(actor: Actor, gaps: tuple[Gap, ...], gap_reason: str) -> None:
    """Refuse to seal with gaps, naming them, unless the head gives a reason."""
    if not gaps:
        return
    if not gap_reason.strip():
        raise gaps_refusal(gaps)
    require(actor, Capability.SEAL_WITH_GAPS)


def open_supplement(actor: Actor, dossier_id: int) -> Dossier:
    """补充卷: what came up after the sealing, in a volume of its own."""
    require(actor, Capability.BIND_DOSSIERS)
    with transaction():
        hold_chain(actor.agency_id)
        volumes = dossiers_of_visit(_locked(actor, dossier_id).visit_id)
        newest = volumes[-1]
        if newest.status != "sealed":
            return newest
        volume = _new_volume(actor, db.session.get_one(Visit, newest.visit_id), newest.volume + 1)
        volume.archive_year, volume.archive_serial = newest.archive_year, newest.archive_serial
        volume.reference = volumes[0].reference
        content = standing_of(volume, now()).content
        if not (content.publications or content.objections or content.corrections or content.referrals):
            raise Refusal(SUPPLEMENT_HAS_NOTHING)
        return volume


def add_recording(
    actor: Actor,
    dossier_id: int,
    name: str,
    file: IO[bytes],
    duration_s: int | None,
    taken_at: datetime | None,
) -> Recording:
    """Tie a body camera's file to the visit: hashed here, kept whole, listed in the dossier, packed when sealed."""
    dossier = dossier_for_recordings(actor, dossier_id)
    sha256, size = _measure(file)
    mime = kind_of_recording(name, file.read(8192))
    file.seek(0)
    store().put(f"evidence/{sha256}", file)
    return tie_recording(actor, dossier, Kept(name, mime, sha256, size), duration_s, taken_at)


def dossier_for_recordings(actor: Actor, dossier_id: int) -> Dossier:
    """The open dossier to which somebody may tie a recording; refused once it is sealed."""
    require(actor, Capability.ADD_RECORDINGS)
    dossier = dossier_for(actor, dossier_id)
    if dossier.status != "open":
        raise Refusal(DOSSIER_SEALED)
    return dossier


def kind_of_recording(name: str, beginning: bytes) -> str:
    """The MIME type by the bytes themselves; refused for an empty file or one that is no recording."""
    if not beginning:
        raise Refusal(RECORDING_EMPTY)
    mime = filetype.guess_mime(beginning) or ""
    if not mime.startswith(_KNOWN_FILES):
        raise Refusal(RECORDING_NOT_KNOWN, name=name)
    return mime


def tie_recording(
    actor: Actor, dossier: Dossier, kept: Kept, duration_s: int | None, taken_at: datetime | None
) -> Recording:
    """List a stored file with the visit, once."""
    with transaction():
        hold_chain(actor.agency_id)
        if _locked(actor, dossier.id).status != "open":
            raise Refusal(DOSSIER_SEALED)
        if any(row.sha256 == kept.sha256 for row in recordings_of(dossier.visit_id)):
            raise Refusal(RECORDING_TWICE, name=kept.name)
        recording = Recording(
            agency_id=actor.agency_id,
            visit_id=dossier.visit_id,
            name=kept.name,
            kind=kind_of(kept.mime),
            mime=kept.mime,
            sha256=kept.sha256,
            size=kept.size,
            duration_s=duration_s,
            taken_at=taken_at,
            added_by_name=actor.name,
            added_at=now(),
        )
        db.session.add(recording)
        db.session.flush()
        after = {"name": kept.name, "sha256": kept.sha256, "size": kept.size}
        record(actor, "dossier.record", "dossier", dossier.id, after=after)
        return recording


def note_download(actor: Actor, dossier: Dossier, what: str) -> None:
    """Put on the trail who took a copy of the PDF or of the package."""
    with transaction():
        record(actor, "dossier.download", "dossier", dossier.id, after={"what": what})


def is_at_the_printer(dossier: Dossier) -> bool:
    """Whether a printing or sealing that was asked for is still to come or under way."""
    job = job_of_dossier(dossier)
    return job is not None and job.state in ("waiting", "running")


def gaps_refusal(gaps: tuple[Gap, ...]) -> Refusal:
    """The refusal that names every gap and cites the first one's article."""
    pieces = "、".join(gap.piece for gap in gaps)
    citation = next((gap.citation for gap in gaps if gap.citation), None)
    return Refusal(DOSSIER_HAS_GAPS, citation, pieces=pieces)


def _new_volume(actor: Actor, visit: Visit, volume: int) -> Dossier:
    dossier = Dossier(
        agency_id=visit.agency_id,
        visit_id=visit.id,
        volume=volume,
        status="open",
        opened_at=now(),
        catalogue=[],
    )
    db.session.add(dossier)
    db.session.flush()
    verb = "dossier.open" if volume == 1 else "dossier.supplement"
    record(actor, verb, "dossier", dossier.id, after={"visit": visit.id, "volume": volume})
    return dossier


def _locked(actor: Actor, dossier_id: int) -> Dossier:
    dossier_for(actor, dossier_id)
    query = select(Dossier).where(Dossier.id == dossier_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def _take_archive_no(dossier: Dossier, content: DossierContent) -> None:
    if dossier.archive_serial is not None:
        return
    agency = db.session.get_one(Agency, dossier.agency_id)
    year = content.shelfmark.ended_on.year
    counter = db.session.get(ArchiveCounter, (agency.id, year), populate_existing=True)
    if counter is None:
        counter = ArchiveCounter(agency_id=agency.id, year=year, last=0)
        db.session.add(counter)
    counter.last += 1
    dossier.archive_year, dossier.archive_serial = year, counter.last
    dossier.reference = reference(
        agency.fonds_no, year, content.shelfmark.retention, content.agency.department, counter.last
    )
    db.session.flush()


def _measure(file: IO[bytes]) -> tuple[str, int]:
    seen, size = hashlib.sha256(), 0
    while block := file.read(_BLOCK):
        seen.update(block)
        size += len(block)
    file.seek(0)
    return seen.hexdigest(), size
