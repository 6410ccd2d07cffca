"""One push going in: each op gets its place in the agency's order and takes effect; rows are written many at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select

from backend.core.errors import Refusal
from backend.fieldwork.changes.actions import next_server_seqs
from backend.fieldwork.changes.rules import Origin, Outcome, Status, quarantined
from backend.fieldwork.sync.devices import Sender
from backend.fieldwork.sync.effects import PlainAnswers, take_effect
from backend.fieldwork.sync.models import Op
from backend.fieldwork.sync.rules import ANSWERS, NEEDS_SESSION, Head, Place
from backend.fieldwork.sync.schemas import value_fault
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import visits_of_member
from backend.plumbing.bulk import among, insert_rows
from backend.plumbing.clock import now
from backend.plumbing.db import db

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Received:
    """What a push brought: its ops, the hash of each, and whether any of their texts may hold a NUL."""

    ops: Sequence[Told]
    hashes: Sequence[str]
    may_hold_nul: bool


class Intake:
    """The ops of one push, taken one after the other inside the caller's transaction, which holds the agency's turn."""

    def __init__(self, sender: Sender, head: Head, received: Received, fresh: int, is_news: bool) -> None:
        """`is_news`: nothing of the push is expected to be here, so nothing is looked for; `write` raises AlreadyThere."""
        self.head = head
        self.head_server_seq: int | None = None
        self._may_hold_nul, self._is_news = received.may_hold_nul, is_news
        self._sender, self._received_at = sender, now()
        # Held on to: the session alone would forget a visit after each op.
        self._own_visits = visits_of_member(sender.actor, {op["visitId"] for op in received.ops})
        self._claimed: set[str | None] = set() if is_news else _claimed_among(received.ops)
        self._next_seq = next_server_seqs(sender.actor.agency_id, fresh) if fresh else 0
        self._rows: list[dict[str, Any]] = []
        self._plain: dict[str, PlainAnswers] = {}

    def take(self, op: Told, hash: str, place: Place) -> dict[str, Any]:
        """Let one op take effect, and answer for it."""
        if place is Place.KNOWN:
            self.write()
            return _repeated(db.session.get_one(Op, hash))
        in_chain = place is Place.NEXT
        claims = in_chain and op["id"] not in self._claimed
        origin = self._origin_of(op)
        outcome = self._outcome(op, origin, place)
        if in_chain:
            self.head, self.head_server_seq = Head(op["seq"], hash), origin.server_seq
        if claims:
            self._claimed.add(op["id"])
        row = self._row(op, hash, origin, outcome, in_chain, claims)
        self._rows.append(row)
        return _result(row)

    def write(self) -> None:
        """Let the database hold everything taken so far."""
        for answers in self._plain.values():
            answers.write()
        insert_rows(Op, self._rows)
        self._rows, self._plain = [], {}

    def _origin_of(self, op: Told) -> Origin:
        actor, server_seq = self._sender.actor, self._next_seq
        self._next_seq += 1
        return Origin(
            op["id"],
            self._sender.device_id,
            actor.user_id,
            actor.agency_id,
            op["visitId"],
            server_seq,
            self._received_at,
        )

    def _outcome(self, op: Told, origin: Origin, place: Place) -> Outcome:
        reason = self._why_not(op, place)
        if reason is not None:
            return quarantined(reason)
        visit = self._own_visits[op["visitId"]]
        if op["kind"] in ANSWERS:
            outcome = self._plain_answers(visit).take(op, origin)
            if outcome is not None:
                return outcome
        self.write()
        try:
            with db.session.begin_nested():
                return take_effect(self._sender.actor, visit, op, origin)
        except Refusal as refusal:
            return quarantined(refusal.problem.code)

    def _why_not(self, op: Told, place: Place) -> str | None:
        if place is not Place.NEXT:
            return place.value
        if op["id"] in self._claimed:
            return "id-reused"
        if not self._sender.alive:
            return "token-ended"
        if op["userId"] != self._sender.actor.user_id:
            return "wrong-user"
        if value_fault(op["kind"], op["value"]) or (self._may_hold_nul and _holds_nul(op["value"])):
            return "malformed"
        if op["kind"] in NEEDS_SESSION and not self._sender.by_session:
            return "needs-session"
        return None if op["visitId"] in self._own_visits else "not-on-team"

    def _plain_answers(self, visit: Visit) -> PlainAnswers:
        if visit.id not in self._plain:
            self._plain[visit.id] = PlainAnswers(visit, self._is_news)
        return self._plain[visit.id]

    def _row(
        self, op: Told, hash: str, origin: Origin, outcome: Outcome, in_chain: bool, claims: bool
    ) -> dict[str, Any]:
        return {
            "hash": hash,
            "claims_id": op["id"] if claims else None,
            "op_id": op["id"],
            "device_id": origin.device_id,
            "chain_seq": op["seq"] if in_chain else None,
            "user_id": origin.user_id,
            "visit_id": op["visitId"],
            "kind": op["kind"],
            "path": op["path"],
            "body": op,
            "status": outcome.status.value,
            "rev": outcome.rev,
            "reason": outcome.reason,
            "gaps": [asdict(gap) for gap in outcome.gaps] if outcome.gaps else [],
            "server_seq": origin.server_seq,
            "received_at": origin.received_at,
        }


def _claimed_among(ops: Sequence[Told]) -> set[str | None]:
    bearing = select(Op.claims_id).where(among(Op.claims_id, {op["id"] for op in ops}))
    return set(db.session.scalars(bearing))


def _holds_nul(value: Any) -> bool:
    """PostgreSQL text holds no NUL."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(map(_holds_nul, value))


def _repeated(row: Op) -> dict[str, Any]:
    original = {"status": row.status, "rev": row.rev, "reason": row.reason}
    told = {"op_id": row.op_id, **original, "gaps": row.gaps}
    return {**_result(told), "status": Status.DUPLICATE.value, "original": original}


def _result(row: Told) -> dict[str, Any]:
    result = {"id": row["op_id"], "status": str(row["status"]), "rev": row["rev"], "reason": row["reason"]}
    return {**result, "gaps": row["gaps"]} if row["gaps"] else result
