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


def places_of_evidence(visit_id: str) -> set[tuple[str, str]]:
    """The file and the item of every piece of a visit, void and late ones included."""
    query = select(Evidence.sha, Evidence.item).where(Evidence.visit_id == visit_id)
    return {(sha, item) for sha, item in db.session.execute(query)}


def evidence_showing(visit_id: str, sha: str) -> Sequence[Evidence]:
    """Where in a visit one file stands."""
    query = select(Evidence).where(Evidence.visit_id == visit_id, Evidence.sha == sha)
    return list(db.session.scalars(query.order_by(Evidence.id)))


def counted_evidence(visit_id: str) -> Sequence[Evidence]:
    """The evidence that is part of the document: neither void nor late."""
    return [one for one in evidence_of(visit_id) if one.void_reason is None and not one.late]


def files_held_for(visit_id: str, shas: Collection[str]) -> dict[str, EvidenceFile]:
    """Which of these files are here whole for this visit: sent for it by somebody who had the bytes."""
    query = (
        select(EvidenceFile)
        .join(
            EvidenceLink,
            (EvidenceLink.sha == EvidenceFile.sha) & (EvidenceLink.agency_id == EvidenceFile.agency_id),
        )
        .where(_proven, EvidenceLink.visit_id == visit_id, EvidenceFile.sha.in_(shas))
    )
    return {file.sha: file for file in db.session.scalars(query)}


def file_held_for(visit_id: str, sha: str) -> EvidenceFile | None:
    """The file, if it is here whole for this visit."""
    return files_held_for(visit_id, [sha]).get(sha)


def stored_file(agency_id: int, sha: str) -> EvidenceFile | None:
    """The file, if the agency holds it whole, for whatever visit."""
    return db.session.get(EvidenceFile, (agency_id, sha))


def visits_holding(sha: str, among: Collection[str]) -> set[str]:
    """In which of these visits the file is known to be, by somebody who had its bytes."""
    query = select(EvidenceLink.visit_id).where(
        _proven, EvidenceLink.sha == sha, EvidenceLink.visit_id.in_(among)
    )
    return set(db.session.scalars(query))


_proven = EvidenceLink.proven_at.is_not(None)
