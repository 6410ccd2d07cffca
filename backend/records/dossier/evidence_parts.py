"""Photos and files of a visit as they are printed or listed; originals stay where they are until they are packed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from backend.fieldwork.evidence.models import Evidence
from backend.fieldwork.evidence.queries import evidence_of, files_held_for
from backend.fieldwork.visits.models import Visit
from backend.foundation.accounts.models import User
from backend.plumbing.db import db
from backend.records.documents.content import EvidenceFile, Photo
from backend.records.dossier.checklist_parts import item_labels, item_numbers
from backend.records.dossier.models import Recording


def photos(visit: Visit) -> tuple[Photo, ...]:
    """The photos that were not voided, in the order they came, numbered from 01."""
    rows = [row for row in _kept(visit) if row.mime.startswith("image/")]
    names, numbers, labels = _people(rows), item_numbers(visit), item_labels(visit)
    return tuple(
        Photo(
            number=f"{number:02d}",
            caption=row.caption or labels.get(row.item, ""),
            item=numbers.get(row.item, ""),
            taken_at=_captured(row),
            taken_by=names[row.user_id],
            lat7=row.capture.get("lat7"),
            lon7=row.capture.get("lon7"),
            accuracy_cm=row.capture.get("accuracyCm"),
            clock_offset_s=row.capture.get("clockOffsetS"),
            sha256=row.sha,
            size=row.size,
            mime=row.mime,
            after_signing=row.late,
            path=row.item,
        )
        for number, row in enumerate(rows, 1)
    )


def files(visit: Visit) -> tuple[EvidenceFile, ...]:
    """What is listed and not printed: other files from phones, then what came from a body camera."""
    rows = [row for row in _kept(visit) if not row.mime.startswith("image/")]
    names, labels = _people(rows), item_labels(visit)
    listed = [
        EvidenceFile(
            "",
            row.caption or labels.get(row.item) or "现场文件",
            kind_of(row.mime),
            row.sha,
            row.size,
            row.mime,
            None,
            _captured(row),
            names[row.user_id],
            row.item,
        )
        for row in rows
    ]
    listed += [
        EvidenceFile(
            "",
            row.name,
            row.kind,
            row.sha256,
            row.size,
            row.mime,
            row.duration_s,
            row.taken_at,
            row.added_by_name,
        )
        for row in recordings_of(visit.id)
    ]
    return tuple(replace(file, number=f"{number:02d}") for number, file in enumerate(listed, 1))


def recordings_of(visit_id: str) -> Sequence[Recording]:
    """Recorder files of a visit in the order they were added."""
    query = select(Recording).where(Recording.visit_id == visit_id).order_by(Recording.id)
    return list(db.session.scalars(query))


def missing_originals(
    visit: Visit, printed: Sequence[Photo], listed: Sequence[EvidenceFile]
) -> tuple[str, ...]:
    """What the server does not hold yet, as it is called in the dossier."""
    recorded = {row.sha256 for row in recordings_of(visit.id)}
    named = [(f"照片 {photo.number}", photo.sha256) for photo in printed]
    named += [(f"证据 {file.number}", file.sha256) for file in listed if file.sha256 not in recorded]
    held = files_held_for(visit.id, [sha256 for _, sha256 in named])
    return tuple(name for name, sha256 in named if sha256 not in held)


def kind_of(mime: str) -> str:
    """录像, 录音 or 其他."""
    return {"video": "录像", "audio": "录音"}.get(mime.partition("/")[0], "其他")


def _kept(visit: Visit) -> list[Evidence]:
    return [row for row in evidence_of(visit.id) if row.void_reason is None]


def _people(rows: Sequence[Evidence]) -> dict[int, str]:
    ids = {row.user_id for row in rows}
    found = db.session.execute(select(User.id, User.name).where(User.id.in_(ids)))
    return dict(iter(found))


def _captured(row: Evidence) -> datetime:
    """The phone's own time of capture, or when the op arrived if the phone told none."""
    at = row.capture.get("at")
    wall = at.get("wall") if isinstance(at, dict) else at
    return datetime.fromtimestamp(wall // 1000, UTC) if isinstance(wall, int) else row.at
