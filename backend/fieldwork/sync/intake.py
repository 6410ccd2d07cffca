"""One push going in: each op gets its place in the agency's order and takes effect; rows are written many at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from backend.core.errors import Refusal
from backend.fieldwork.changes.actions import next_server_seqs
from backend.fieldwork.changes.rules import Origin, Outcome, Status, quarantined
from backend.fieldwork.checklists.sheets import Sheet
from backend.fieldwork.sync.devices import Sender
from backend.fieldwork.sync.effects import take_answer_plainly, take_effect
from backend.fieldwork.sync.models import Device, Op
from backend.fieldwork.sync.rules import ANSWERS, NEEDS_SESSION, Place
from backend.fieldwork.sync.schemas import value_fault
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import visit_ids_of_member
from backend.plumbing.bulk import insert_rows
from backend.plumbing.clock import now
from backend.plumbing.db import db

Told = Mapping[str, Any]


class Intake:
    """The ops of one push, taken one after the other inside the caller's transaction, which holds the agency's turn."""

    def __init__(self, sender: Sender, device: Device, ops: Sequence[Told], fresh: int) -> None:
        self._sender, self._device, self._received_at = sender, device, now()
        self._own_visits = set(visit_ids_of_member(sender.actor))
        bearing = select(Op.claims_id).where(Op.claims_id.in_({op["id"] for op in ops}))
        self._claimed: set[str | None] = set(db.session.scalars(bearing))
        self._next_seq = next_server_seqs(sender.actor.agency_id, fresh) if fresh else 0
        self._rows: list[dict[str, Any]] = []
        self._sheets: dict[str, Sheet] = {}
        self._visits: dict[str, Visit] = {}

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
            self._device.last_seq, self._device.last_hash = op["seq"], hash
        if claims:
            self._claimed.add(op["id"])
        row = self._row(op, hash, origin, outcome, in_chain, claims)
        self._rows.append(row)
        return _result(row)

    def write(self) -> None:
        """Let the database hold everything taken so far."""
        for sheet in self._sheets.values():
            sheet.write()
        insert_rows(Op, self._rows)
        self._rows, self._sheets = [], {}

    def _origin_of(self, op: Told) -> Origin:
        origin = Origin(
            op_id=op["id"],
            device_id=self._device.id,
            user_id=self._sender.actor.user_id,
            agency_id=self._sender.actor.agency_id,
            visit_id=op["visitId"],
            server_seq=self._next_seq,
            received_at=self._received_at,
        )
        self._next_seq += 1
        return origin

    def _outcome(self, op: Told, origin: Origin, place: Place) -> Outcome:
        reason = self._why_not(op, place)
        if reason is not None:
            return quarantined(reason)
        visit = self._visit_of(op["visitId"])
        if op["kind"] in ANSWERS:
            outcome = take_answer_plainly(visit, self._sheet_of(visit.id), op, origin)
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
        if value_fault(op["kind"], op["value"]) or _holds_nul(op["value"]):
            return "malformed"
        if op["kind"] in NEEDS_SESSION and not self._sender.by_session:
            return "needs-session"
        return None if op["visitId"] in self._own_visits else "not-on-team"

    def _visit_of(self, visit_id: str) -> Visit:
        """Held on to: the session alone would forget it after each op."""
        if visit_id not in self._visits:
            light = (lazyload(Visit.members), lazyload(Visit.numbers))
            self._visits[visit_id] = db.session.get_one(Visit, visit_id, options=light)
        return self._visits[visit_id]

    def _sheet_of(self, visit_id: str) -> Sheet:
        if visit_id not in self._sheets:
            self._sheets[visit_id] = Sheet(visit_id)
        return self._sheets[visit_id]

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
            "gaps": [asdict(gap) for gap in outcome.gaps],
            "server_seq": origin.server_seq,
            "received_at": origin.received_at,
        }


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
