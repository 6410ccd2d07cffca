"""Take a push: check its signature, place each op in the chain, let it take effect, all in one transaction.

Pushes that come to one agency at the same time share a transaction, since each waits for the same turn and the same disk.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import bindparam, select, update

from backend.core.errors import BAD_SIGNATURE, DEVICE_UNKNOWN, INVALID_INPUT, OP_GAP, Refusal
from backend.fieldwork.changes.actions import next_server_seqs
from backend.fieldwork.sync.devices import Sender, forget_device
from backend.fieldwork.sync.envelopes import spelled
from backend.fieldwork.sync.intake import Intake, Ledger, Received
from backend.fieldwork.sync.keys import signed_by
from backend.fieldwork.sync.models import Device, OpPlace
from backend.fieldwork.sync.op_log import Op, ops_where
from backend.fieldwork.sync.rules import Gap, Head, Place, continues, place_ops
from backend.fieldwork.visits.queries import visits_of_members
from backend.foundation.audit.actions import Deed, hold_chain, record_all
from backend.plumbing.bulk import AlreadyThere
from backend.plumbing.db import db, table_of, transaction
from backend.plumbing.together import bring_together

_DEVICE = table_of(Device)
_HEADS = select(_DEVICE.c.id, _DEVICE.c.last_seq, _DEVICE.c.last_hash).where(
    _DEVICE.c.id.in_(bindparam("devices", expanding=True))
)
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


@dataclass(frozen=True)
class _Push:
    """A push that holds in itself, on its way to the agency's turn."""

    sender: Sender
    received: Received


@dataclass(frozen=True)
class _Placed:
    """A push with the place of each of its ops; `stored` are those of its ops that are here already, by hash."""

    push: _Push
    before: Head
    places: Sequence[Place]
    stored: Mapping[str, Op]
    is_news: bool

    @property
    def fresh(self) -> int:
        return sum(place is not Place.KNOWN for place in self.places)


class _OneByOne(Exception):
    """Two pushes of one device stand in a batch: the second builds on the first."""


def push(sender: Sender, ops: Sequence[Mapping[str, Any]], head: Mapping[str, Any]) -> Pushed:
    """Store every op of the push with its effect, or, on a gap or a bad signature, nothing at all.

    Ops that continue the chain are written without looking for them first: the database's own uniqueness says when one
    of them is here already, and only then is the push placed op by op.
    """
    texts = _texts(ops)
    hashes = [sha256(text).hexdigest() for text in texts]
    _check_head(sender, ops, hashes, head)
    return bring_together(sender.actor.agency_id, _take_together, _Push(sender, Received(ops, texts, hashes)))


def _take_together(batch: Sequence[_Push]) -> list[Pushed | Exception]:
    if len({one.sender.device_id for one in batch}) < len(batch):
        raise _OneByOne
    try:
        return _take(batch, expect_news=True)
    except AlreadyThere:
        if len(batch) > 1:
            raise
        return _take(batch, expect_news=False)


def _take(batch: Sequence[_Push], expect_news: bool) -> list[Pushed | Exception]:
    agency_id = batch[0].sender.actor.agency_id
    with transaction():
        hold_chain(agency_id)
        heads = _heads_of([one.sender.device_id for one in batch])
        placed = [_placed(one, heads.get(one.sender.device_id), expect_news) for one in batch]
        taken = _take_placed(agency_id, [one for one in placed if isinstance(one, _Placed)])
    answers = iter(taken)
    return [next(answers) if isinstance(one, _Placed) else one for one in placed]


def _take_placed(agency_id: int, placed: Sequence[_Placed]) -> list[Pushed]:
    ledger = Ledger()
    own_visits = visits_of_members(
        agency_id,
        {one.push.sender.actor.user_id for one in placed},
        {op["visitId"] for one in placed for op in one.push.received.ops},
    )
    fresh = sum(one.fresh for one in placed)
    next_seq = next_server_seqs(agency_id, fresh) if fresh else 0
    answers, moved, deeds = [], [], []
    for one in placed:
        sender = one.push.sender
        intake = Intake(ledger, sender, own_visits[sender.actor.user_id], one.before, next_seq, one.is_news)
        results = intake.take_all(one.push.received, one.places, one.stored)
        next_seq, after = intake.next_seq, intake.head
        if after != one.before:
            moved.append({"device": sender.device_id, "seq": after.seq, "hash": after.hash})
        if one.fresh:
            told = {"ops": one.fresh, "lastSeq": after.seq, "head": after.hash}
            deeds.append(Deed(sender.actor, "sync.push", "device", sender.device_id, after=told))
        answers.append(Pushed(results, after, intake.head_server_seq))
    ledger.write()
    if moved:
        db.session.connection().execute(_MOVE_HEAD, moved)
    record_all(deeds)
    return answers


def _texts(ops: Sequence[Mapping[str, Any]]) -> list[bytes]:
    try:
        return [spelled(op) for op in ops]
    except ValueError as fault:
        raise Refusal(INVALID_INPUT, detail=f"ops: {fault}") from fault


def _check_head(
    sender: Sender, ops: Sequence[Mapping[str, Any]], hashes: list[str], head: Mapping[str, Any]
) -> None:
    is_last = head["hash"] == hashes[-1] and head["seq"] == ops[-1]["seq"]
    if not is_last or not signed_by(sender.public_jwk, bytes.fromhex(hashes[-1]), head["sig"]):
        raise Refusal(BAD_SIGNATURE)
    # The signature is over the last op and speaks for the others by their chain alone.
    if [op["prev"] for op in ops[1:]] != hashes[:-1]:
        raise Refusal(BAD_SIGNATURE)
    if {op["deviceId"] for op in ops} != {sender.device_id}:
        raise Refusal(BAD_SIGNATURE)


def _heads_of(device_ids: Sequence[str]) -> dict[str, Head]:
    """The ends of the devices' chains, as they are now that nobody else moves them."""
    found = db.session.connection().execute(_HEADS, {"devices": device_ids})
    return {device_id: Head(seq, hash) for device_id, seq, hash in found}


def _placed(push: _Push, head: Head | None, expect_news: bool) -> _Placed | Refusal:
    received = push.received
    if head is None:
        forget_device(push.sender.device_id)
        return Refusal(DEVICE_UNKNOWN)
    if expect_news and continues(received.ops, received.hashes, head):
        return _Placed(push, head, [Place.NEXT] * len(received.ops), {}, is_news=True)
    device_id = push.sender.device_id
    stored = _stored(device_id, received)
    outside = {op.hash for op in stored.values() if op.chain_seq is None}
    try:
        places = place_ops(received.ops, received.hashes, head, stored.keys(), outside)
    except Gap as gap:
        return Refusal(OP_GAP, expectedSeq=gap.expected_seq)
    return _Placed(push, head, places, stored, is_news=False)


def _stored(device_id: str, received: Received) -> dict[str, Op]:
    """What the server has of these ops and of those they build on outside the chain, by hash."""
    hashes = {*received.hashes, *(op["prev"] for op in received.ops)}
    of_device = OpPlace.device_id == device_id
    in_chain = ops_where(of_device, OpPlace.chain_seq.in_({op["seq"] for op in received.ops}))
    outside = ops_where(of_device, OpPlace.chain_seq.is_(None), OpPlace.hash.in_(hashes))
    return {op.hash: op for op in [*in_chain, *outside]}
