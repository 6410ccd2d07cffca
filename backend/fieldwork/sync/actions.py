"""Take a push: check its signature, place each op in the chain, let it take effect, all in one transaction."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from backend.core.errors import BAD_SIGNATURE, INVALID_INPUT, OP_GAP, Refusal
from backend.fieldwork.changes.actions import next_server_seq
from backend.fieldwork.changes.rules import Origin, Outcome, Status, quarantined
from backend.fieldwork.sync.devices import Sender
from backend.fieldwork.sync.effects import take_effect
from backend.fieldwork.sync.keys import signed_by
from backend.fieldwork.sync.models import Device, Op
from backend.fieldwork.sync.rules import NEEDS_SESSION, Gap, Head, Place, op_hash, place_ops
from backend.fieldwork.sync.schemas import value_fault
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import visit_ids_of_member
from backend.foundation.audit.actions import hold_chain, record
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction


@dataclass(frozen=True)
class Pushed:
    """The answer to a push: one result per op, and how far the device's chain now reaches."""

    results: list[dict[str, Any]]
    last_seq: int


def push(sender: Sender, ops: Sequence[Mapping[str, Any]], head: Mapping[str, Any]) -> Pushed:
    """Store every op of the push with its effect, or, on a gap or a bad signature, nothing at all."""
    hashes = _hashes(ops)
    _check_head(sender.device, ops, hashes, head)
    with transaction():
        hold_chain(sender.actor.agency_id)
        device = db.session.get_one(Device, sender.device.id, populate_existing=True)
        known = _known_ops(hashes, ops)
        places = _places(device, ops, hashes, known)
        own_visits = set(visit_ids_of_member(sender.actor))
        results = []
        for op, hash, place in zip(ops, hashes, places, strict=True):
            if place is Place.KNOWN:
                results.append(_repeated(db.session.get_one(Op, hash)))
            else:
                results.append(_store(sender, device, op, hash, place, own_visits))
        fresh = sum(place is not Place.KNOWN for place in places)
        if fresh:
            after = {"ops": fresh, "lastSeq": device.last_seq, "head": device.last_hash}
            record(sender.actor, "sync.push", "device", device.id, after=after)
        return Pushed(results, device.last_seq)


def _hashes(ops: Sequence[Mapping[str, Any]]) -> list[str]:
    try:
        return [op_hash(op) for op in ops]
    except ValueError as fault:
        raise Refusal(INVALID_INPUT, detail=f"ops: {fault}") from fault


def _check_head(
    device: Device, ops: Sequence[Mapping[str, Any]], hashes: list[str], head: Mapping[str, Any]
) -> None:
    is_last = head["hash"] == hashes[-1] and head["seq"] == ops[-1]["seq"]
    if not is_last or not signed_by(device.public_jwk, bytes.fromhex(hashes[-1]), head["sig"]):
        raise Refusal(BAD_SIGNATURE)
    if any(op["deviceId"] != device.id for op in ops):
        raise Refusal(BAD_SIGNATURE)


def _known_ops(hashes: list[str], ops: Sequence[Mapping[str, Any]]) -> list[Op]:
    around = {*hashes, *(op["prev"] for op in ops)}
    return list(db.session.scalars(select(Op).where(Op.hash.in_(around))))


def _places(
    device: Device, ops: Sequence[Mapping[str, Any]], hashes: list[str], known: list[Op]
) -> list[Place]:
    outside = {op.hash for op in known if op.chain_seq is None and op.device_id == device.id}
    try:
        return place_ops(ops, Head(device.last_seq, device.last_hash), {op.hash for op in known}, outside)
    except Gap as gap:
        raise Refusal(OP_GAP, expectedSeq=gap.expected_seq) from gap


def _store(
    sender: Sender,
    device: Device,
    op: Mapping[str, Any],
    hash: str,
    place: Place,
    own_visits: Collection[str],
) -> dict[str, Any]:
    in_chain = place is Place.NEXT
    origin = Origin(
        op_id=op["id"],
        device_id=device.id,
        user_id=sender.actor.user_id,
        agency_id=sender.actor.agency_id,
        visit_id=op["visitId"],
        server_seq=next_server_seq(sender.actor.agency_id),
        received_at=now(),
    )
    claimed = db.session.scalar(select(Op.hash).where(Op.claims_id == op["id"])) is not None
    outcome = _outcome(sender, op, origin, place, claimed, own_visits)
    row = Op(
        hash=hash,
        claims_id=None if claimed or not in_chain else op["id"],
        op_id=op["id"],
        device_id=device.id,
        chain_seq=op["seq"] if in_chain else None,
        user_id=sender.actor.user_id,
        visit_id=op["visitId"],
        kind=op["kind"],
        path=op["path"],
        body=dict(op),
        status=outcome.status,
        rev=outcome.rev,
        reason=outcome.reason,
        gaps=[asdict(gap) for gap in outcome.gaps],
        server_seq=origin.server_seq,
        received_at=origin.received_at,
    )
    db.session.add(row)
    if in_chain:
        device.last_seq, device.last_hash = op["seq"], hash
    db.session.flush()
    return _result(row)


def _outcome(
    sender: Sender,
    op: Mapping[str, Any],
    origin: Origin,
    place: Place,
    claimed: bool,
    own_visits: Collection[str],
) -> Outcome:
    if place is not Place.NEXT:
        return quarantined(place.value)
    if claimed:
        return quarantined("id-reused")
    if not sender.alive:
        return quarantined("token-ended")
    if op["userId"] != sender.actor.user_id:
        return quarantined("wrong-user")
    if value_fault(op["kind"], op["value"]) or _holds_nul(op["value"]):
        return quarantined("malformed")
    if op["kind"] in NEEDS_SESSION and not sender.by_session:
        return quarantined("needs-session")
    if op["visitId"] not in own_visits:
        return quarantined("not-on-team")
    try:
        with db.session.begin_nested():
            visit = db.session.get_one(Visit, op["visitId"])
            return take_effect(sender.actor, visit, op, origin)
    except Refusal as refusal:
        return quarantined(refusal.problem.code)


def _holds_nul(value: Any) -> bool:
    """PostgreSQL text holds no NUL."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(map(_holds_nul, value))


def _repeated(row: Op) -> dict[str, Any]:
    original = {"status": row.status, "rev": row.rev, "reason": row.reason}
    return {**_result(row), "status": Status.DUPLICATE.value, "original": original}


def _result(row: Op) -> dict[str, Any]:
    result = {"id": row.op_id, "status": str(row.status), "rev": row.rev, "reason": row.reason}
    return {**result, "gaps": row.gaps} if row.gaps else result
