"""A bundle that a phone could not sync: taken as it is, encrypted, opened by the worker when a named person asks for it.

The web process never parses one. The worker decrypts with the agency's key, hashes every file and says what the server lacks.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, BinaryIO

from sqlalchemy import func, select

from backend.core.errors import NOT_FOUND, REASON_NEEDED, RESCUE_LIMIT, RESCUE_NOT_OPENED, Refusal
from backend.fieldwork.evidence.models import EvidenceFile
from backend.fieldwork.sync.bundles import BadBundle, Bundle, opened
from backend.fieldwork.sync.devices import Sender
from backend.fieldwork.sync.envelopes import is_id
from backend.fieldwork.sync.models import Rescue
from backend.fieldwork.sync.queries import ids_held
from backend.fieldwork.sync.receipts import rescue_private_key
from backend.fieldwork.visits.models import Visit
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.jobs.actions import enqueue
from backend.foundation.jobs.models import Job
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store
from backend.plumbing.randomness import new_id

LARGEST = 2 << 30
MOST_PER_HOUR = 6
OPEN_JOB = "rescue.open"


def take_bundle(sender: Sender, bundle: BinaryIO) -> str:
    """Store the bundle unread and say under which id it lies."""
    since = now() - timedelta(hours=1)
    recent = select(func.count()).where(Rescue.user_id == sender.actor.user_id, Rescue.at > since)
    if (db.session.scalar(recent) or 0) >= MOST_PER_HOUR:
        raise Refusal(RESCUE_LIMIT, most=MOST_PER_HOUR, minutes=60)
    rescue_id = new_id()
    store().put(f"rescue/{rescue_id}", bundle)
    size = store().size(f"rescue/{rescue_id}")
    with transaction():
        db.session.add(
            Rescue(
                id=rescue_id,
                agency_id=sender.actor.agency_id,
                user_id=sender.actor.user_id,
                device_id=sender.device_id,
                size=size,
                at=now(),
            )
        )
        record(sender.actor, "rescue.take", "rescue", rescue_id, after={"size": size})
    return rescue_id


def rescues_of(agency_id: int) -> Sequence[Rescue]:
    """Every bundle that was handed in, newest first."""
    query = select(Rescue).where(Rescue.agency_id == agency_id).order_by(Rescue.at.desc(), Rescue.id.desc())
    return list(db.session.scalars(query.limit(200)))


def ask_to_open(actor: Actor, rescue_id: str, reason: str) -> Rescue:
    """Have the worker open a bundle; who asked, and why, is on the trail before anything is decrypted."""
    require(actor, Capability.OPEN_RESCUES)
    if not reason.strip():
        raise Refusal(REASON_NEEDED, what="打开的原因")
    with transaction():
        hold_chain(actor.agency_id)
        rescue = _own(actor, rescue_id)
        rescue.opened_by_name, rescue.opened_at, rescue.open_reason = actor.name, now(), reason.strip()
        rescue.found = None
        rescue.job_id = enqueue(actor, OPEN_JOB, rescue_id=rescue.id).id
        record(actor, "rescue.open", "rescue", rescue.id, after={"reason": rescue.open_reason})
        return rescue


def open_as_job(actor: Actor, job: Job) -> None:
    """Decrypt, hash, count; nothing of the bundle takes effect by it."""
    rescue = _own(actor, job.args["rescue_id"])
    private = rescue_private_key(rescue.agency_id)
    try:
        with store().open(f"rescue/{rescue.id}") as sealed, opened(sealed, private) as bundle:
            found = _told(rescue.agency_id, bundle)
    except (BadBundle, KeyError, TypeError, AttributeError) as fault:
        found = {"fault": str(fault)}
    with transaction():
        hold_chain(actor.agency_id)
        rescue = _own(actor, rescue.id)
        rescue.found = found
        record(actor, "rescue.found", "rescue", rescue.id, after=found)


def settle(actor: Actor, rescue_id: str, outcome: str) -> Rescue:
    """Write down what was done about an opened bundle."""
    require(actor, Capability.OPEN_RESCUES)
    if not outcome.strip():
        raise Refusal(REASON_NEEDED, what="处理结果")
    with transaction():
        hold_chain(actor.agency_id)
        rescue = _own(actor, rescue_id)
        if rescue.found is None:
            raise Refusal(RESCUE_NOT_OPENED)
        before = {"outcome": rescue.outcome}
        rescue.outcome, rescue.outcome_by_name, rescue.outcome_at = outcome.strip(), actor.name, now()
        record(actor, "rescue.outcome", "rescue", rescue.id, before=before, after={"outcome": rescue.outcome})
        return rescue


def _told(agency_id: int, bundle: Bundle) -> dict[str, Any]:
    ids, shas = [op["id"] for op in bundle.ops], list(bundle.files)
    stored = select(func.count()).where(EvidenceFile.agency_id == agency_id, EvidenceFile.sha.in_(shas))
    return {
        "ops": len(ids),
        "opsHeld": len(ids_held(ids)),
        "declarations": len(bundle.declarations),
        "files": len(shas),
        "filesHeld": db.session.scalar(stored) or 0,
        "damaged": list(bundle.damaged),
        "visits": _visits_in(agency_id, bundle.ops),
    }


def _visits_in(agency_id: int, ops: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Which of the agency's visits the bundle is about, and with how many ops."""
    counted = Counter(op["visitId"] for op in ops if is_id(op.get("visitId")))
    query = select(Visit).where(Visit.agency_id == agency_id, Visit.id.in_(counted)).order_by(Visit.serial)
    return [
        {
            "id": visit.id,
            "name": visit.entity_snapshot["name"],
            "serial": visit.serial,
            "ops": counted[visit.id],
        }
        for visit in db.session.scalars(query)
    ]


def _own(actor: Actor, rescue_id: str) -> Rescue:
    rescue = db.session.get(Rescue, rescue_id)
    if rescue is None or rescue.agency_id != actor.agency_id:
        raise Refusal(NOT_FOUND, what="这份求救文件")
    return rescue
