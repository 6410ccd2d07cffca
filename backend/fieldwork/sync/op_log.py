"""The ops that the server holds: written by the stretch, read one by one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import ColumnExpressionArgument, and_, select

from backend.fieldwork.changes.rules import Outcome
from backend.fieldwork.sync.models import OpPlace, Stretch, StretchOfVisit
from backend.plumbing.bulk import insert_rows
from backend.plumbing.db import db

_STRETCH = ("agency_id", "server_seq", "device_id", "user_id", "received_at", "ops", "outcomes")
_VISIT = ("visit_id", "agency_id", "server_seq")
_PLACE = (
    "op_id",
    "claims",
    "device_id",
    "chain_seq",
    "hash",
    "agency_id",
    "server_seq",
    "stretch_seq",
)


@dataclass(frozen=True)
class Op:
    """One op as it came, and what became of it. `chain_seq` is None outside the device's chain."""

    server_seq: int
    device_id: str
    user_id: int
    received_at: datetime
    chain_seq: int | None
    hash: str
    body: dict[str, Any]
    status: str
    rev: int
    reason: str | None
    gaps: list[dict[str, str]]

    @property
    def op_id(self) -> str:
        return str(self.body["id"])

    @property
    def visit_id(self) -> str:
        return str(self.body["visitId"])

    @property
    def kind(self) -> str:
        return str(self.body["kind"])

    @property
    def path(self) -> str:
        return str(self.body["path"])


class Growing:
    """A stretch on its way into the database, one op after the other."""

    def __init__(
        self, agency_id: int, device_id: str, user_id: int, received_at: datetime, server_seq: int
    ) -> None:
        self._from = (agency_id, server_seq, device_id, user_id, received_at)
        self._spelled: list[bytes] = []
        self._outcomes: list[tuple[Any, ...]] = []
        self._visits: set[str] = set()
        self.places: list[tuple[Any, ...]] = []

    def add(
        self, op: Mapping[str, Any], spelled: bytes, hash: str, in_chain: bool, claims: bool, outcome: Outcome
    ) -> None:
        """The next op, and what became of it."""
        agency_id, first, device_id, _, _ = self._from
        server_seq = first + len(self._spelled)
        self._spelled.append(spelled)
        self._outcomes.append((in_chain, outcome.status, outcome.rev, outcome.reason, outcome.gaps))
        self._visits.add(op["visitId"])
        chain_seq, outside = (op["seq"], None) if in_chain else (None, hash)
        self.places.append((op["id"], claims, device_id, chain_seq, outside, agency_id, server_seq, first))

    def row(self) -> tuple[Any, ...]:
        return (*self._from, b"\n".join(self._spelled).decode(), orjson.dumps(self._outcomes).decode())

    def visit_rows(self) -> list[tuple[Any, ...]]:
        agency_id, first, *_ = self._from
        return [(visit_id, agency_id, first) for visit_id in self._visits]


def write_stretches(stretches: Sequence[Growing]) -> None:
    """Let the database hold them. Raises AlreadyThere when one of their ops is here already."""
    insert_rows(OpPlace, _PLACE, [place for one in stretches for place in one.places])
    insert_rows(Stretch, _STRETCH, [one.row() for one in stretches])
    insert_rows(StretchOfVisit, _VISIT, [row for one in stretches for row in one.visit_rows()])


def ops_of_visit(visit_id: str) -> list[Op]:
    """Every op that names this visit, in the agency's order."""
    of_visit = and_(
        StretchOfVisit.agency_id == Stretch.agency_id, StretchOfVisit.server_seq == Stretch.server_seq
    )
    stretches = select(Stretch).join(StretchOfVisit, of_visit).where(StretchOfVisit.visit_id == visit_id)
    found = db.session.scalars(stretches.order_by(Stretch.server_seq))
    return [op for stretch in found for op in _unrolled(stretch) if op.visit_id == visit_id]


def ops_where(*wanted: ColumnExpressionArgument[bool]) -> list[Op]:
    """The ops at the wanted places, in their agency's order."""
    in_stretch = and_(OpPlace.agency_id == Stretch.agency_id, OpPlace.stretch_seq == Stretch.server_seq)
    places = select(OpPlace.server_seq, Stretch).join(Stretch, in_stretch).where(*wanted)
    seqs: dict[Stretch, set[int]] = {}
    for server_seq, stretch in db.session.execute(places.order_by(OpPlace.server_seq)):
        seqs.setdefault(stretch, set()).add(server_seq)
    return [op for stretch, these in seqs.items() for op in _unrolled(stretch) if op.server_seq in these]


def _unrolled(stretch: Stretch) -> Iterator[Op]:
    # Split at nothing but the line's end: a text may hold other characters that a reader takes for one.
    told = zip(stretch.ops.split("\n"), stretch.outcomes, strict=True)
    for server_seq, (spelled, (in_chain, *outcome)) in enumerate(told, stretch.server_seq):
        body = orjson.loads(spelled)
        chain_seq = body["seq"] if in_chain else None
        hash = sha256(spelled.encode()).hexdigest()
        yield Op(
            server_seq,
            stretch.device_id,
            stretch.user_id,
            stretch.received_at,
            chain_seq,
            hash,
            body,
            *outcome,
        )
