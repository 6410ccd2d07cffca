"""One push going in: each op gets its place in the agency's order and takes effect; rows are written many at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError

from backend.core.errors import Refusal
from backend.fieldwork.changes.actions import Touched
from backend.fieldwork.changes.rules import Gap, Origin, Outcome, Status, quarantined
from backend.fieldwork.sync.devices import Sender
from backend.fieldwork.sync.effects import PLAIN, PlainOps, take_effect, write_plain_ops
from backend.fieldwork.sync.models import OpPlace
from backend.fieldwork.sync.op_log import Growing, Op, write_stretches
from backend.fieldwork.sync.rules import NEEDS_SESSION, Head, Place
from backend.fieldwork.sync.schemas import value_fault
from backend.fieldwork.visits.models import Visit
from backend.plumbing.bulk import AlreadyThere, among
from backend.plumbing.clock import now
from backend.plumbing.db import db

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Received:
    """What a push brought: its ops, the canonical spelling of each, and its hash."""

    ops: Sequence[Told]
    spelled: Sequence[bytes]
    hashes: Sequence[str]


class Ledger:
    """What the pushes of one transaction have brought and the database does not hold yet."""

    def __init__(self) -> None:
        self.stretches: list[Growing] = []
        self._touched = Touched()
        self._plain: dict[str, PlainOps] = {}

    def plain_ops(self, visit_id: str, visit: Visit, is_news: bool) -> PlainOps:
        """The plain ops of a visit, whichever push they come from."""
        found = self._plain.get(visit_id)
        if found is None:
            found = self._plain[visit_id] = PlainOps(visit, is_news, self._touched)
        return found

    def write(self) -> None:
        """Let the database hold everything taken so far."""
        write_plain_ops(self._plain.values())
        self._touched.write()
        write_stretches(self.stretches)
        self.stretches, self._plain = [], {}


class Intake:
    """The ops of one push, taken one after the other inside the caller's transaction, which holds the agency's turn.

    `is_news`: nothing of the push is expected to be here, so nothing is looked for; the ledger raises AlreadyThere.
    """

    def __init__(
        self,
        ledger: Ledger,
        sender: Sender,
        own_visits: Mapping[str, Visit],
        head: Head,
        next_seq: int,
        is_news: bool,
    ) -> None:
        self.head, self.next_seq = head, next_seq
        self.head_server_seq: int | None = None
        self._ledger, self._sender, self._own_visits, self._is_news = ledger, sender, own_visits, is_news
        self._received_at = now()
        self._claimed: set[str] = set()
        self._stretch: Growing | None = None

    def take_all(
        self, received: Received, places: Sequence[Place], stored: Mapping[str, Op]
    ) -> list[dict[str, Any]]:
        """Let each op take effect, and answer for it; `stored` are those that are here already."""
        if not self._is_news:
            self._claimed |= _claimed_among(received.ops)
        answered = {hash: _result(op.op_id, _outcome_of(op)) for hash, op in stored.items()}
        results = []
        for op, spelled, hash, place in zip(
            received.ops, received.spelled, received.hashes, places, strict=True
        ):
            if place is Place.KNOWN:
                results.append(_repeated(answered[hash]))
            else:
                answered[hash] = result = self._take(op, spelled, hash, place)
                results.append(result)
        return results

    def _take(self, op: Told, spelled: bytes, hash: str, place: Place) -> dict[str, Any]:
        op_id, server_seq, in_chain = op["id"], self.next_seq, place is Place.NEXT
        claims = in_chain and op_id not in self._claimed
        outcome = self._outcome(op, spelled, place, server_seq)
        self.next_seq += 1
        if in_chain:
            self.head, self.head_server_seq = Head(op["seq"], hash), server_seq
        if claims:
            self._claimed.add(op_id)
        stretch = self._stretch or self._new_stretch(server_seq)
        stretch.add(op, spelled, hash, in_chain, claims, outcome)
        return _result(op_id, outcome)

    def _new_stretch(self, server_seq: int) -> Growing:
        actor, device_id = self._sender.actor, self._sender.device_id
        self._stretch = Growing(actor.agency_id, device_id, actor.user_id, self._received_at, server_seq)
        self._ledger.stretches.append(self._stretch)
        return self._stretch

    def _outcome(self, op: Told, spelled: bytes, place: Place, server_seq: int) -> Outcome:
        reason = self._why_not(op, spelled, place)
        if reason is not None:
            return quarantined(reason)
        actor, visit = self._sender.actor, self._own_visits[op["visitId"]]
        origin = Origin(
            op["id"],
            self._sender.device_id,
            actor.user_id,
            actor.agency_id,
            op["visitId"],
            server_seq,
            self._received_at,
        )
        if op["kind"] in PLAIN:
            outcome = self._ledger.plain_ops(op["visitId"], visit, self._is_news).take(op, origin)
            if outcome is not None:
                return outcome
        self._ledger.write()
        self._stretch = None
        try:
            with db.session.begin_nested():
                return take_effect(actor, visit, op, origin)
        except Refusal as refusal:
            return quarantined(refusal.problem.code)
        except (IntegrityError, DataError) as unwritable:
            if self._is_news:
                # Perhaps only because its id is another op's, which has not been looked for.
                raise AlreadyThere from unwritable
            return quarantined("malformed")

    def _why_not(self, op: Told, spelled: bytes, place: Place) -> str | None:
        if place is not Place.NEXT:
            return place.value
        if op["id"] in self._claimed:
            return "id-reused"
        if not self._sender.alive:
            return "token-ended"
        if op["userId"] != self._sender.actor.user_id:
            return "wrong-user"
        if value_fault(op["kind"], op["value"]) or (b"\\u0000" in spelled and _holds_nul(op["value"])):
            return "malformed"
        if op["kind"] in NEEDS_SESSION and not self._sender.by_session:
            return "needs-session"
        return None if op["visitId"] in self._own_visits else "not-on-team"


def _claimed_among(ops: Sequence[Told]) -> set[str]:
    bearing = select(OpPlace.op_id).where(among(OpPlace.op_id, {op["id"] for op in ops}), OpPlace.claims)
    return set(db.session.scalars(bearing))


def _holds_nul(value: Any) -> bool:
    """PostgreSQL text holds no NUL."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_nul(part) for pair in value.items() for part in pair)
    return isinstance(value, list) and any(map(_holds_nul, value))


def _outcome_of(op: Op) -> Outcome:
    return Outcome(Status(op.status), op.reason, op.rev, tuple(Gap(**gap) for gap in op.gaps))


def _repeated(first: dict[str, Any]) -> dict[str, Any]:
    original = {name: first[name] for name in ("status", "rev", "reason")}
    return {**first, "status": Status.DUPLICATE, "original": original}


def _result(op_id: str, outcome: Outcome) -> dict[str, Any]:
    status, reason, rev, gaps = outcome
    result = {"id": op_id, "status": status, "rev": rev, "reason": reason}
    return {**result, "gaps": [asdict(gap) for gap in gaps]} if gaps else result
