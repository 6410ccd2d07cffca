"""The op log's decisions: how ops hash and chain, and where a pushed op belongs.

Source: sync.md "Op", "Endpoints". Pure: the stored state comes in as arguments, the decision goes out.
"""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

from backend.core.canonical_json import digest

NO_PREVIOUS = "0" * 64
MOST_OPS = 200
MOST_PUSH_BYTES = 256 * 1024


class Kind(StrEnum):
    """What an op does."""

    ANSWER = "answer.set"
    NOTE = "note.set"
    ADD_EVIDENCE = "evidence.add"
    VOID_EVIDENCE = "evidence.void"
    LOCATION = "location.add"
    SIGN = "sign"
    REFUSE = "refuse"
    RESOLVE = "conflict.resolve"
    SUBMIT = "submit"
    CLOSE = "close"
    REVIEW = "review"


NEEDS_SESSION = frozenset((Kind.REVIEW, Kind.RESOLVE))


class Place(StrEnum):
    """Where a pushed op belongs in its device's chain."""

    NEXT = "next"
    KNOWN = "known"
    SEQ_TAKEN = "seq-taken"
    PREV_BROKEN = "prev-broken"


class Head(NamedTuple):
    """The end of a device's chain on the server."""

    seq: int = 0
    hash: str = NO_PREVIOUS


class Gap(Exception):
    """Ops are missing before this push; the phone sends from `expected_seq`."""

    def __init__(self, expected_seq: int) -> None:
        self.expected_seq = expected_seq
        super().__init__(f"expected op {expected_seq}")


def op_hash(op: Mapping[str, Any]) -> str:
    """SHA-256 of the op's canonical JSON, in hex."""
    return digest(op)


def continues(ops: Sequence[Mapping[str, Any]], hashes: Sequence[str], head: Head) -> bool:
    """Whether the ops stand in the chain one behind the other, the first behind `head`: what nearly every push does."""
    seqs = [op["seq"] for op in ops]
    before = [head.hash, *hashes[:-1]]
    return seqs == list(range(head.seq + 1, head.seq + 1 + len(ops))) and [op["prev"] for op in ops] == before


def place_ops(
    ops: Sequence[Mapping[str, Any]],
    hashes: Sequence[str],
    head: Head,
    known: Collection[str],
    outside: Collection[str],
) -> list[Place]:
    """Say for each op of a push where it belongs. Raises Gap when ops before it never arrived.

    `hashes` are those of the ops; `known` holds the hashes the server has of these ops, in the chain or outside it; `outside` those it keeps outside.
    An op that builds on one outside the chain is outside too, so a forked phone is acknowledged and never stuck.
    """
    seen, forked, places = set(known), set(outside), []
    for op, this in zip(ops, hashes, strict=True):
        place = _place_one(op, this, head, seen, forked)
        if place is Place.NEXT:
            head = Head(op["seq"], this)
        elif place is not Place.KNOWN:
            forked.add(this)
        seen.add(this)
        places.append(place)
    return places


def _place_one(
    op: Mapping[str, Any], this: str, head: Head, known: Collection[str], forked: Collection[str]
) -> Place:
    if this in known:
        return Place.KNOWN
    if op["seq"] <= head.seq:
        return Place.SEQ_TAKEN
    if op["prev"] in forked:
        return Place.PREV_BROKEN
    if op["seq"] > head.seq + 1:
        raise Gap(head.seq + 1)
    return Place.NEXT if op["prev"] == head.hash else Place.PREV_BROKEN
