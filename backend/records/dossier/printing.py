"""The printer's work, done by the worker: a draft to look at, or the sealed dossier with its package.

What is printed lies under a folder named by the PDF's own SHA-256, so a printing that was cut short and begun
anew can never leave half of one and half of another behind.
"""

import hashlib
import os
import tempfile
from dataclasses import replace
from typing import BinaryIO

from backend.core.errors import Refusal
from backend.fieldwork.evidence.queries import files_held_for
from backend.fieldwork.visits.actions import settle_numbers
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.jobs.actions import progress
from backend.foundation.jobs.models import Job
from backend.foundation.permissions.actor import Actor
from backend.plumbing.clock import now
from backend.plumbing.darkroom import darkroom
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store
from backend.plumbing.page_images import page_images
from backend.plumbing.pictures import empty_frame
from backend.records.documents.content import DossierContent, Photo
from backend.records.dossier.actions import gaps_refusal
from backend.records.dossier.binding import BoundDossier, bind
from backend.records.dossier.evidence_parts import recordings_of
from backend.records.dossier.models import Dossier
from backend.records.dossier.package import package_name, write_package
from backend.records.dossier.queries import dossier_of, standing_of
from backend.records.dossier.source import catalogue_of
from backend.records.dossier.visit_parts import UNUSED, USED

PDF, PACKAGE = "dossier.pdf", "package.zip"
STEPS = 4


def print_draft(actor: Actor, job: Job) -> None:
    """Print an open dossier as it stands; pieces that are missing stay missing."""
    dossier = dossier_of(actor.agency_id, job.args["dossier_id"])
    standing = standing_of(dossier, now().replace(microsecond=0))
    closing = replace(standing.content.closing, gaps=standing.gaps)
    bound = _bind(job, dossier, replace(standing.content, closing=closing))
    folder = _keep_pages(job, dossier, bound)
    with transaction():
        dossier = dossier_of(actor.agency_id, dossier.id)
        if dossier.status != "open":
            return
        earlier = (dossier.folder, dossier.sheets)
        _print_on(dossier, bound, folder)
    if earlier[0] not in (None, folder):
        _forget(*earlier)


def seal(actor: Actor, job: Job) -> None:
    """Seal the dossier that was asked for; whatever stands in the way opens it again and is said."""
    dossier = dossier_of(actor.agency_id, job.args["dossier_id"])
    if dossier.status != "sealing" or dossier.asked_at is None:
        return
    try:
        _seal(actor, job, dossier)
    except Refusal:
        with transaction():
            dossier_of(actor.agency_id, dossier.id).status = "open"
        raise


def page_name(folder: str, page: int) -> str:
    """Where the picture of a page lies; pages count from 1."""
    return f"{folder}/pages/{page:04d}.png"


def _seal(actor: Actor, job: Job, dossier: Dossier) -> None:
    assert dossier.asked_at is not None, "a sealing was asked for at a moment"
    standing = standing_of(dossier, dossier.asked_at)
    if standing.gaps and not dossier.gap_reason:
        raise gaps_refusal(standing.gaps)
    closing = replace(standing.content.closing, gaps=standing.gaps)
    content = _with_what_is_held(dossier, replace(standing.content, closing=closing))
    bound = _bind(job, dossier, content)
    folder = _keep_pages(job, dossier, bound)
    package_sha256, package_size = _keep_package(folder, content, bound)
    progress(job, STEPS, STEPS)
    with transaction():
        hold_chain(actor.agency_id)
        dossier = dossier_of(actor.agency_id, dossier.id)
        if dossier.status != "sealing":
            return
        _print_on(dossier, bound, folder)
        dossier.status, dossier.sealed_at = "sealed", dossier.asked_at
        dossier.fingerprint, dossier.pdf_sha256 = bound.fingerprint, _sha256(bound.pdf)
        dossier.package_sha256, dossier.package_size = package_sha256, package_size
        dossier.gaps_sealed = len(standing.gaps)
        if content.numbers:
            borne = {number.number for number in content.numbers if number.status == USED}
            settle_numbers(dossier.visit_id, borne, UNUSED)
        after = {
            "archive_no": dossier.archive_no,
            "fingerprint": bound.fingerprint,
            "pdf": dossier.pdf_sha256,
            "package": package_sha256,
            "gaps": dossier.gaps_sealed,
        }
        record(actor, "dossier.seal", "dossier", dossier.id, after=after)


def _bind(job: Job, dossier: Dossier, content: DossierContent) -> BoundDossier:
    progress(job, 1, STEPS)
    held = _held(dossier, content)
    pictures = {
        photo.sha256: _picture(photo) if photo.sha256 in held else empty_frame() for photo in content.photos
    }
    return bind(content, pictures.__getitem__)


def _picture(photo: Photo) -> bytes:
    """The picture for the sheet, made from the original."""
    return darkroom.rendition(store().path(f"evidence/{photo.sha256}"), f"照片 {photo.number}")


def _with_what_is_held(dossier: Dossier, content: DossierContent) -> DossierContent:
    """What is sealed is what is here for this visit; an original that never came is a gap, named in the closing note."""
    held = _held(dossier, content)
    return replace(
        content,
        photos=tuple(photo for photo in content.photos if photo.sha256 in held),
        evidence=tuple(file for file in content.evidence if file.sha256 in held),
    )


def _held(dossier: Dossier, content: DossierContent) -> set[str]:
    """The originals that are here for this very visit: that the store has a file of the same SHA-256 proves nothing."""
    recorded = {row.sha256 for row in recordings_of(dossier.visit_id)}
    named = {photo.sha256 for photo in content.photos} | {file.sha256 for file in content.evidence}
    return recorded | set(files_held_for(dossier.visit_id, named))


def _keep_pages(job: Job, dossier: Dossier, bound: BoundDossier) -> str:
    progress(job, 2, STEPS)
    folder = f"dossiers/{dossier.id}/{_sha256(bound.pdf)}"
    store().put(f"{folder}/{PDF}", bound.pdf)
    for number, picture in enumerate(page_images(bound.pdf), 1):
        store().put(page_name(folder, number), picture)
    progress(job, 3, STEPS)
    return folder


def _keep_package(folder: str, content: DossierContent, bound: BoundDossier) -> tuple[str, int]:
    files = store()

    def original(sha256: str) -> BinaryIO:
        listed = content.received is not None and sha256 == content.received.sha256
        return files.open(f"{'received' if listed else 'evidence'}/{sha256}")

    with tempfile.TemporaryFile(prefix=f"{package_name(content)}-") as package:
        write_package(package, content, bound, original)
        size = package.seek(0, os.SEEK_END)
        package.seek(0)
        sha256 = hashlib.file_digest(package, "sha256").hexdigest()
        package.seek(0)
        files.put(f"{folder}/{PACKAGE}", package)
    return sha256, size


def _print_on(dossier: Dossier, bound: BoundDossier, folder: str) -> None:
    dossier.folder, dossier.printed_at = folder, now()
    dossier.pages, dossier.sheets = bound.pages, bound.sheets
    dossier.catalogue = catalogue_of(bound.printed)
    db.session.flush()


def _forget(folder: str | None, sheets: int) -> None:
    if folder is None:
        return
    store().delete(f"{folder}/{PDF}")
    for number in range(1, sheets + 1):
        store().delete(page_name(folder, number))


def _sha256(octets: bytes) -> str:
    return hashlib.sha256(octets).hexdigest()
