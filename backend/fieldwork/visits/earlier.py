"""What a team looks up before the door is knocked on (预查比对): the entity's facts, and what was found on earlier visits."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from backend.fieldwork.checklists.queries import answers_of
from backend.fieldwork.checklists.rules import items_of
from backend.fieldwork.visits.clocks import visit_end
from backend.fieldwork.visits.completeness import findings_of
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import item_path, pinned_forms, rechecks_of, rules_of
from backend.fieldwork.visits.rules import CAPTURING, FINISHED
from backend.plumbing.db import db

MOST = 3


def known_of(visit: Visit) -> dict[str, Any] | None:
    """`{industry, region, riskGrade, riskSource, directories, flags, earlier}`; None once nobody is on the way there any more."""
    if visit.status not in CAPTURING:
        return None
    entity = visit.entity
    return {
        "industry": entity.industry,
        "region": entity.region,
        "riskGrade": entity.risk_grade,
        "riskSource": entity.risk_source,
        "directories": entity.directories,
        "flags": entity.flags,
        "earlier": [_told(one) for one in earlier_visits(visit)],
    }


def earlier_visits(visit: Visit) -> Sequence[Visit]:
    """The entity's last finished visits, the newest first."""
    query = select(Visit).where(
        Visit.agency_id == visit.agency_id,
        Visit.entity_id == visit.entity_id,
        Visit.id != visit.id,
        Visit.status.in_(FINISHED),
    )
    return list(db.session.scalars(query.order_by(Visit.dispatched_at.desc()).limit(MOST)))


def _told(visit: Visit) -> dict[str, Any]:
    ended = visit_end(visit, rules_of(visit))
    rechecks = rechecks_of(visit.id)
    return {
        "serial": visit.serial,
        "on": ended.isoformat() if ended else None,
        "matters": [matter["name"] for matter in visit.matters],
        "closedReason": visit.closed_reason,
        "findings": _findings_in_words(visit),
        "mended": rechecks[-1].mended if rechecks else None,
    }


def _findings_in_words(visit: Visit) -> list[str]:
    answers = answers_of(visit.id)
    labels = {
        item_path(matter["matterId"], item["id"]): item["label"]
        for matter, content in pinned_forms(visit)
        for item in items_of(content)
    }
    return [(answers[path].get("problem") or labels[path]) for path in findings_of(visit, answers)]
