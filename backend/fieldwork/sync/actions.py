"""Take a push: check its signature, place each op in the chain, let it take effect, all in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, select, update

from backend.core.canonical_json import canonical
from backend.core.errors import BAD_SIGNATURE, INVALID_INPUT, OP_GAP, Refusal
from backend.fieldwork.sync.devices import Sender
from backend.fieldwork.sync.intake import Intake, Received
from backend.fieldwork.sync.keys import signed_by
from backend.fieldwork.sync.models import Device, Op
from backend.fieldwork.sync.rules import Gap, Head, Place, continues, place_ops
from backend.foundation.audit.actions import hold_chain, record
from backend.plumbing.bulk import AlreadyThere, among
from backend.plumbing.db import db, table_of, transaction

_DEVICE = table_of(Device)
_HEAD = select(_DEVICE.c.last_seq, _DEVICE.c.last_hash).where(_DEVICE.c.id == bindparam("device"))
_MOVE_HEAD = (
    update(_DEVICE)
    .where(_DEVICE.c.id == bindparam("device"))
    .values(last_seq=bindparam("seq"), last_hash=bindparam("hash"))
)


@dataclass(frozen=True)
class Pushed:
    """The answer to a push: one result per op, and the end of the device's chain."""

    results: list[dict[str, Any]]
    head: Head
    head_server_seq: int | None
    """The place of the chain's end in the agency's order, where this push moved it."""


def push(sender: Sender, ops: Sequence[Mapping[str, Any]], head: Mapping[str, Any]) -> Pushed:
    """Store every op of the push with its effect, or, on a gap or a bad signature, nothing at all.

    Ops that continue the chain are written without looking for them first: the database's own uniqueness says when one
    of them is here already, and only then is the push placed op by op.
    """
    spelled = _spelled(ops)
    hashes = [sha256(op).hexdigest() for op in spelled]
    _check_head(sender, ops, hashes, head)
    received = Received(ops, hashes, may_hold_nul=any(b"\\u0000" in op for op in spelled))
    try:
        return _take(sender, received, expect_news=True)
    except AlreadyThere:
        return _take(sender, received, expect_news=False)


def _take(sender: Sender, received: Received, expect_news: bool) -> Pushed:
    with transaction():
        hold_chain(sender.actor.agency_id)
        before = _head_of(sender.device_id)
        is_news = expect_news and continues(received.ops, received.hashes, before)
        places = [Place.NEXT] * len(received.ops) if is_news else _places(sender.device_id, before, received)
        fresh = sum(place is not Place.KNOWN for place in places)
        intake = Intake(sender, before, received, fresh, is_news)
        results = [intake.take(*one) for one in zip(received.ops, received.hashes, places, strict=True)]
        intake.write()
        after = intake.head
        if after != before:
            moved = {"device": sender.device_id, "seq": after.seq, "hash": after.hash}
            db.session.connection().execute(_MOVE_HEAD, moved)
        if fresh:
            told = {"ops": fresh, "lastSeq": after.seq, "head": after.hash}
            record(sender.actor, "sync.push", "device", sender.device_id, after=told)
        return Pushed(results, after, intake.head_server_seq)


def _spelled(ops: Sequence[Mapping[str, Any]]) -> list[bytes]:
    try:
        return [canonical(op) for op in ops]
    except ValueError as fault:
        raise Refusal(INVALID_INPUT, detail=f"ops: {fault}") from fault


def _check_head(
    sender: Sender, ops: Sequence[Mapping[str, Any]], hashes: list[str], head: Mapping[str, Any]
) -> None:
    is_last = head["hash"] == hashes[-1] and head["seq"] == ops[-1]["seq"]
    if not is_last or not signed_by(sender.public_jwk, bytes.fromhex(hashes[-1]), head["sig"]):
        raise Refusal(BAD_SIGNATURE)
    # The signature is over the last op and speaks for the others by their chain alone.
    if any(op["prev"] != before for op, before in zip(ops[1:], hashes, strict=False)):
        raise Refusal(BAD_SIGNATURE)
    if any(op["deviceId"] != sender.device_id for op in ops):
        raise Refusal(BAD_SIGNATURE)


def _head_of(device_id: str) -> Head:
    """The end of the device's chain, as it is now that nobody else moves it."""
    return Head(*db.session.connection().execute(_HEAD, {"device": device_id}).one())


def _places(device_id: str, head: Head, received: Received) -> list[Place]:
    known = _known_ops(device_id, {*received.hashes, *(op["prev"] for op in received.ops)})
    outside = {hash for hash, is_outside in known.items() if is_outside}
    try:
        return place_ops(received.ops, received.hashes, head, known.keys(), outside)
    except Gap as gap:
        raise Refusal(OP_GAP, expectedSeq=gap.expected_seq) from gap


def _known_ops(device_id: str, hashes: set[str]) -> dict[str, bool]:
    """Which of these hashes are stored: whether outside this device's chain."""
    query = select(Op.hash, Op.device_id, Op.chain_seq).where(among(Op.hash, hashes))
    return {row[0]: row[2] is None and row[1] == device_id for row in db.session.execute(query)}
