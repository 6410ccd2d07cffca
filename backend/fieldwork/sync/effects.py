"""What each kind of op does to its visit. One function per kind; every one answers with an outcome and never raises for what a phone may send."""

from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from backend.fieldwork.changes.actions import Touched
from backend.fieldwork.changes.rules import APPLIED, Origin, Outcome, Status, quarantined
from backend.fieldwork.checklists import actions as checklists
from backend.fieldwork.checklists.queries import item_names
from backend.fieldwork.checklists.sheets import Sheet, sheet_of, write_sheets
from backend.fieldwork.evidence import actions as evidence
from backend.fieldwork.evidence.pieces import Pieces, write_pieces
from backend.fieldwork.signatures import actions as signatures
from backend.fieldwork.sync.rules import Kind
from backend.fieldwork.sync.signed_documents import restore_signed_document
from backend.fieldwork.visits import actions as visits
from backend.fieldwork.visits import recusals
from backend.fieldwork.visits.form_choice import fault_of_choice, follow_choice
from backend.fieldwork.visits.models import Visit
from backend.fieldwork.visits.queries import forms_of_path
from backend.fieldwork.visits.rules import (
    CAPTURING,
    FINISHED,
    VisitStatus,
    form_choice_of,
    is_note_path,
    is_recusal_path,
    may_change,
)
from backend.fieldwork.walk.rules import note_fault
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db

Op = Mapping[str, Any]
Effect = Callable[[Actor, Visit, Op, Origin], Outcome]

_SHOWABLE = range(253_370_764_800_000)
"""Milliseconds of a wall clock, from 1970 to the end of 9998: a date in every time zone."""

PLAIN = frozenset((Kind.ANSWER, Kind.NOTE, Kind.ADD_EVIDENCE))
"""Kinds of op that mostly find nothing against them."""


def take_effect(actor: Actor, visit: Visit, op: Op, origin: Origin) -> Outcome:
    """Apply one well-formed op of a team member to its visit."""
    if visit.status in FINISHED:
        return quarantined("visit-finished")
    visits.begin(visit, origin)
    return _EFFECTS[Kind(op["kind"])](actor, visit, op, origin)


class PlainOps:
    """The ops of one visit that nothing stands against: decided by what is read once, written together."""

    def __init__(self, visit: Visit, is_news: bool, touched: Touched) -> None:
        """`is_news`: a visit that no op has begun has neither answers nor evidence, and they are not looked for."""
        self._visit, self._touched = visit, touched
        untouched = is_news and visit.status == VisitStatus.DISPATCHED
        self.sheet = Sheet(touched) if untouched else sheet_of(visit.id, touched)
        self.pieces = Pieces(visit.id, touched, untouched)
        self._status = VisitStatus(visit.status)
        self._returned = {item["path"] for item in visit.returned}
        self._is_untouched = self._status is VisitStatus.DISPATCHED
        self._is_open = self._status in (VisitStatus.DISPATCHED, VisitStatus.IN_PROGRESS)
        self._items = {
            (f"/matters/{matter['matterId']}", matter["formSha"]): item_names(matter["formSha"])
            for matter in visit.matters
            if matter["formSha"]
        }

    def take(self, op: Op, origin: Origin) -> Outcome | None:
        """Let the op take effect; None: it must take the long way."""
        outcome = self._piece(op, origin) if op["kind"] == Kind.ADD_EVIDENCE else self._answer(op, origin)
        if outcome is not None and self._is_untouched:
            self._is_untouched = False
            visits.mark_begun(self._visit, origin)
            self._touched.note(origin.agency_id, origin.visit_id, "visit", origin.visit_id, origin.server_seq)
        return outcome

    def _answer(self, op: Op, origin: Origin) -> Outcome | None:
        path = op["path"]
        if not (self._is_open and self._is_item(op)):
            if not may_change(self._status, path, self._returned) or is_recusal_path(path):
                return None
            if form_choice_of(path) or _path_fault(self._visit, op):
                return None
        return self.sheet.set_plainly(path, op["value"], op["baseRev"], origin)

    def _is_item(self, op: Op) -> bool:
        """Whether it is the answer to an item of the form that the visit is pinned to, which most ops are."""
        matter, _, item = op["path"].partition("/items/")
        return op["kind"] == Kind.ANSWER and item in self._items.get((matter, op["formSha"]), ())

    def _piece(self, op: Op, origin: Origin) -> Outcome | None:
        item = op["value"]["item"]
        if self._status not in CAPTURING or not (
            item is None or may_change(self._status, item, self._returned)
        ):
            return None
        return self.pieces.add(op["value"], _moment(op["value"]["at"], origin), origin)


def write_plain_ops(ops: Collection[PlainOps]) -> None:
    """Let the database hold them, whichever visits they are of."""
    write_sheets([one.sheet for one in ops])
    write_pieces([one.pieces for one in ops])


def _path_fault(visit: Visit, op: Op) -> str | None:
    if op["kind"] == Kind.NOTE:
        return _note_fault(visit, op)
    forms = forms_of_path(visit, op["path"])
    if not forms:
        return "no-such-path"
    return None if op["formSha"] in forms else "form-differs"


def _note_fault(visit: Visit, op: Op) -> str | None:
    matters = {matter["matterId"] for matter in visit.matters}
    if not is_note_path(op["path"], matters, {member.user_id for member in visit.members}):
        return "no-such-path"
    if form_choice_of(op["path"]):
        return fault_of_choice(visit, op["value"])
    return note_fault(op["path"], op["value"], op["userId"])


def _answer(_actor: Actor, visit: Visit, op: Op, origin: Origin) -> Outcome:
    fault = _path_fault(visit, op)
    return quarantined(fault) if fault else _set(visit, op, origin)


def _note(actor: Actor, visit: Visit, op: Op, origin: Origin) -> Outcome:
    outcome = _answer(actor, visit, op, origin)
    if is_recusal_path(op["path"]) and outcome.status is Status.APPLIED:
        recusals.ask(actor, visit, op["path"], op["value"], origin)
    _follow_form_choice(actor, visit, op["path"], origin)
    return outcome


def _follow_form_choice(actor: Actor, visit: Visit, path: str, origin: Origin) -> None:
    matter_id = form_choice_of(path)
    if matter_id is not None:
        follow_choice(actor, visit, matter_id, origin.server_seq)


def _set(visit: Visit, op: Op, origin: Origin) -> Outcome:
    changeable = _may_change(visit, op["path"])
    return checklists.set_answer(op["path"], op["value"], op["baseRev"], origin, changeable)


def _add_evidence(_actor: Actor, visit: Visit, op: Op, origin: Origin) -> Outcome:
    value = op["value"]
    item = value["item"]
    late = visit.status not in CAPTURING or (item is not None and not _may_change(visit, item))
    return evidence.add(value, _moment(value["at"], origin), origin, late)


def _void_evidence(_actor: Actor, visit: Visit, op: Op, origin: Origin) -> Outcome:
    if visit.status not in CAPTURING:
        return quarantined("visit-finished")
    return evidence.void(op["value"]["sha"], op["value"]["reason"], origin)


def _location(_actor: Actor, _visit: Visit, _op: Op, _origin: Origin) -> Outcome:
    return APPLIED


def _sign(_actor: Actor, visit: Visit, op: Op, origin: Origin) -> Outcome:
    value = op["value"]
    team = {member.user_id for member in visit.members}
    if value["role"] == "inspector" and value["userId"] not in team:
        return quarantined("not-on-team")
    return signatures.sign(value, _moment(op["at"]["wall"], origin), origin)


def _refuse(_actor: Actor, _visit: Visit, op: Op, origin: Origin) -> Outcome:
    return signatures.refuse(op["value"], _moment(op["at"]["wall"], origin), origin)


def _resolve(actor: Actor, visit: Visit, op: Op, origin: Origin) -> Outcome:
    path = op["value"]["path"]
    outcome = checklists.resolve(path, op["value"]["keep"], origin, _may_change(visit, path))
    _follow_form_choice(actor, visit, path, origin)
    return outcome


def _submit(actor: Actor, visit: Visit, op: Op, origin: Origin) -> Outcome:
    digest = op["value"]["digest"]
    with db.session.begin_nested() as undoable:
        restore_signed_document(visit, digest, origin)
        outcome = visits.submit(actor, visit, digest, origin)
        if outcome.status is not Status.APPLIED:
            undoable.rollback()
    return outcome


def _close(actor: Actor, visit: Visit, op: Op, origin: Origin) -> Outcome:
    digest = op["value"]["digest"]
    with db.session.begin_nested() as undoable:
        restore_signed_document(visit, digest, origin)
        outcome = visits.close_from_the_field(actor, visit, digest, origin)
        if outcome.status is not Status.APPLIED:
            undoable.rollback()
    return outcome


def _review(actor: Actor, visit: Visit, op: Op, origin: Origin) -> Outcome:
    value = op["value"]
    image = (value.get("signature") or {}).get("image", "")
    return visits.review(actor, visit, value["decision"], value["digest"], value["items"], origin, image)


def _may_change(visit: Visit, path: str) -> bool:
    return may_change(VisitStatus(visit.status), path, {item["path"] for item in visit.returned})


def _moment(wall_ms: int, origin: Origin) -> datetime:
    """The phone's own time; one that no calendar everywhere can show gives way to the time of receipt."""
    return datetime.fromtimestamp(wall_ms / 1000, UTC) if wall_ms in _SHOWABLE else origin.received_at


_EFFECTS: Mapping[Kind, Effect] = {
    Kind.ANSWER: _answer,
    Kind.NOTE: _note,
    Kind.ADD_EVIDENCE: _add_evidence,
    Kind.VOID_EVIDENCE: _void_evidence,
    Kind.LOCATION: _location,
    Kind.SIGN: _sign,
    Kind.REFUSE: _refuse,
    Kind.RESOLVE: _resolve,
    Kind.SUBMIT: _submit,
    Kind.CLOSE: _close,
    Kind.REVIEW: _review,
}
