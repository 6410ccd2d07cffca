"""Files that nobody has announced before: those of one moment are noted in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import bindparam, select

from backend.fieldwork.evidence.models import EvidenceFile, EvidenceLink
from backend.plumbing.bulk import AlreadyThere, insert_rows
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.together import bring_together

_LINK = ("visit_id", "sha", "device_id", "agency_id", "size", "mime", "capture", "sig", "at")
_WHOLE = select(EvidenceFile.sha).where(
    EvidenceFile.agency_id == bindparam("agency"), EvidenceFile.sha.in_(bindparam("shas", expanding=True))
)


@dataclass(frozen=True)
class Announced:
    """What the phone says of a file before sending it."""

    visit_id: str
    sha: str
    size: int
    mime: str
    capture: dict[str, Any]
    sig: str


@dataclass(frozen=True)
class _Announcement:
    agency_id: int
    device_id: str
    told: Announced


def announce_news(agency_id: int, device_id: str, announced: Announced) -> bool:
    """Note what a device will send, if neither it nor the file was heard of before; whether it was so."""
    return bring_together(agency_id, _announce, _Announcement(agency_id, device_id, announced))


def _announce(batch: Sequence[_Announcement]) -> list[bool | Exception]:
    agency_id, moment = batch[0].agency_id, now()
    with transaction():
        asked = {"agency": agency_id, "shas": [one.told.sha for one in batch]}
        known = set(db.session.connection().execute(_WHOLE, asked).scalars())
        links = [
            (
                one.told.visit_id,
                one.told.sha,
                one.device_id,
                agency_id,
                one.told.size,
                one.told.mime,
                orjson.dumps(one.told.capture).decode(),
                one.told.sig,
                moment,
            )
            for one in batch
            if one.told.sha not in known
        ]
        try:
            insert_rows(EvidenceLink, _LINK, links)
        except AlreadyThere:
            if len(batch) > 1:
                raise
            db.session.rollback()
            return [False]
    return [one.told.sha not in known for one in batch]
