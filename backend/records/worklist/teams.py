"""Teams that are out: who, where, and whether the server holds all they have captured so far."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from backend.fieldwork.evidence.models import Evidence, EvidenceFile
from backend.fieldwork.sync.models import Device
from backend.fieldwork.visits.models import Visit
from backend.plumbing.db import db


@dataclass(frozen=True)
class TeamOutside:
    """`waiting`: pieces of evidence the server has heard of and does not hold yet."""

    visit: Visit
    waiting: int
    last_heard: datetime | None

    @property
    def names(self) -> str:
        return team_words(self.visit)


def team_words(visit: Visit) -> str:
    """`赵示例、钱样例`, leader first."""
    return "、".join(member.name for member in visit.members)


def teams_outside(agency_id: int, limit: int = 8) -> list[TeamOutside]:
    """Visits under way, the one heard from last first."""
    under_way = select(Visit).where(
        Visit.agency_id == agency_id, Visit.status.in_(("in_progress", "returned"))
    )
    visits = list(db.session.scalars(under_way.order_by(Visit.started_at.desc()).limit(limit)))
    waiting, heard = _waiting(agency_id, visits), _heard(visits)
    return [
        TeamOutside(visit, waiting.get(visit.id, 0), _latest(heard.get(m.user_id) for m in visit.members))
        for visit in visits
    ]


def _waiting(agency_id: int, visits: Sequence[Visit]) -> dict[str, int]:
    held = and_(EvidenceFile.agency_id == agency_id, EvidenceFile.sha == Evidence.sha)
    query = (
        select(Evidence.visit_id, func.count())
        .outerjoin(EvidenceFile, held)
        .where(
            Evidence.visit_id.in_([visit.id for visit in visits]),
            Evidence.void_reason.is_(None),
            EvidenceFile.sha.is_(None),
        )
        .group_by(Evidence.visit_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _heard(visits: Sequence[Visit]) -> dict[int, datetime | None]:
    people = {member.user_id for visit in visits for member in visit.members}
    query = (
        select(Device.user_id, func.max(Device.last_in_step_at))
        .where(Device.user_id.in_(people), Device.last_in_step_at.is_not(None))
        .group_by(Device.user_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _latest(moments: Iterable[datetime | None]) -> datetime | None:
    known = [moment for moment in moments if moment is not None]
    return max(known, default=None)
