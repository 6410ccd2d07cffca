"""Reads of evidence."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from backend.fieldwork.evidence.models import Evidence, EvidenceFile, EvidenceLink
from backend.plumbing.db import db


def evidence_of(visit_id: str) -> Sequence[Evidence]:
    """Every piece of evidence of a visit, void and late ones included, in the order they came."""
    return list(
        db.session.scalars(select(Evidence).where(Evidence.visit_id == visit_id).order_by(Evidence.id))
    )


def counted_evidence(visit_id: str) -> Sequence[Evidence]:
    """The evidence that is part of the document: neither void nor late."""
    return [one for one in evidence_of(visit_id) if one.void_reason is None and not one.late]


def stored_files(agency_id: int, shas: Collection[str]) -> dict[str, EvidenceFile]:
    """Which of these files the agency holds whole."""
    query = select(EvidenceFile).where(EvidenceFile.agency_id == agency_id, EvidenceFile.sha.in_(shas))
    return {file.sha: file for file in db.session.scalars(query)}


def stored_file(agency_id: int, sha: str) -> EvidenceFile | None:
    """The file, if the agency holds it whole."""
    return db.session.get(EvidenceFile, (agency_id, sha))


def visits_linked_to(sha: str) -> Sequence[str]:
    """The visits that this file was announced for or is evidence in."""
    linked = db.session.scalars(select(EvidenceLink.visit_id).where(EvidenceLink.sha == sha))
    added = db.session.scalars(select(Evidence.visit_id).where(Evidence.sha == sha))
    return sorted({*linked, *added})
