"""Take a push: check its signature, place each op in the chain, let it take effect, all in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from backend.core.errors import BAD_SIGNATURE, INVALID_INPUT, OP_GAP, Refusal
from backend.fieldwork.sync.devices import Sender
from backend.fieldwork.sync.intake import Intake
from backend.fieldwork.sync.keys import signed_by
from backend.fieldwork.sync.models import Device, Op
from backend.fieldwork.sync.rules import Gap, Head, Place, op_hash, place_ops
from backend.foundation.audit.actions import hold_chain, record
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
        fresh = sum(place is not Place.KNOWN for place in places)
        intake = Intake(sender, device, ops, fresh)
        results = [intake.take(*one) for one in zip(ops, hashes, places, strict=True)]
        intake.write()
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
    # The signature is over the last op and speaks for the others by their chain alone.
    if any(op["prev"] != before for op, before in zip(ops[1:], hashes, strict=False)):
        raise Refusal(BAD_SIGNATURE)
    if any(op["deviceId"] != device.id for op in ops):
        raise Refusal(BAD_SIGNATURE)


def _known_ops(hashes: list[str], ops: Sequence[Mapping[str, Any]]) -> dict[str, bool]:
    """Which of these hashes, and of those they build on, are stored: whether outside this device's chain."""
    around = {*hashes, *(op["prev"] for op in ops)}
    query = select(Op.hash, Op.device_id, Op.chain_seq).where(Op.hash.in_(around))
    device_id = ops[0]["deviceId"]
    return {row[0]: row[2] is None and row[1] == device_id for row in db.session.execute(query)}


def _places(
    device: Device, ops: Sequence[Mapping[str, Any]], hashes: list[str], known: Mapping[str, bool]
) -> list[Place]:
    outside = {hash for hash, is_outside in known.items() if is_outside}
    try:
        return place_ops(ops, hashes, Head(device.last_seq, device.last_hash), known.keys(), outside)
    except Gap as gap:
        raise Refusal(OP_GAP, expectedSeq=gap.expected_seq) from gap
