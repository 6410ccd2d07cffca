"""The audit extract of a dossier: every entry of the trail that concerns its visit, each provable by its own hash."""

from collections.abc import Mapping, Sequence

from backend.core.canonical_json import canonical
from backend.decisions.objections.queries import corrections_of, objections_to
from backend.decisions.referrals.queries import referrals_from
from backend.decisions.results.models import Result
from backend.fieldwork.visits.models import Visit
from backend.foundation.audit.models import AuditEntry, AuditHead
from backend.foundation.audit.queries import as_mapping, entries_on
from backend.foundation.audit.rules import FIRST, HASHED
from backend.foundation.audit.words import SUBJECTS, VERBS
from backend.plumbing.db import db
from backend.records.documents.content import AuditExtract, AuditLine

OWN_SUBJECTS: Mapping[str, str] = {
    **SUBJECTS,
    "dossier": "本卷",
    "draw": "本次摇号",
    "task": "本任务",
    "visit": "本次检查",
}


def audit_extract(visit: Visit, results: Sequence[Result], dossier_ids: Sequence[int]) -> AuditExtract:
    """The entries on the visit and on what belongs to it, in the trail's own order."""
    subjects: list[tuple[str, int | str]] = [("visit", visit.id), ("task", visit.task_id)]
    subjects += [("draw", visit.draw_id)] if visit.draw_id is not None else []
    subjects += [("dossier", dossier_id) for dossier_id in dossier_ids]
    for result in results:
        subjects.append(("result", result.id))
        subjects += [("objection", row.id) for row in objections_to(result.id)]
        subjects += [("correction", row.id) for row in corrections_of(result.id)]
        subjects += [("referral", row.id) for row in referrals_from(result.id)]
    found = [entry for kind, number in subjects for entry in entries_on(visit.agency_id, kind, number)]
    head = db.session.get(AuditHead, visit.agency_id, populate_existing=True)
    return AuditExtract(
        tuple(_line(entry) for entry in sorted(found, key=lambda entry: entry.number)),
        head.number if head else 0,
        head.hash if head else FIRST,
    )


def _line(entry: AuditEntry) -> AuditLine:
    values = as_mapping(entry)
    return AuditLine(
        seq=entry.number,
        at=entry.at,
        actor=entry.actor_name,
        verb=VERBS.get(entry.verb, entry.verb),
        subject=OWN_SUBJECTS.get(entry.on_kind, f"{entry.on_kind} {entry.on_id}"),
        prev=entry.prev,
        hash=entry.hash,
        entry=canonical({name: values[name] for name in HASHED}).decode(),
    )
