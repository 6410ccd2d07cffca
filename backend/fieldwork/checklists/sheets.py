"""The answers of one visit during one push: read once, decided in memory, written together.

The deciding is `differences.meet`, as for a single answer. Only what is plain is decided here; an answer that meets
another one it has not seen, or one beside which another waits, goes the long way through `actions.set_answer`.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from backend.fieldwork.changes.models import ANSWERS, Change
from backend.fieldwork.changes.rules import Origin, Outcome
from backend.fieldwork.checklists.differences import Meeting, Present, meet
from backend.fieldwork.checklists.models import Answer, AnswerCandidate
from backend.plumbing.bulk import insert_rows, upsert_rows
from backend.plumbing.db import db

_NOTHING = Present()


class Sheet:
    """The present answers of a visit by path, with what this push has changed so far."""

    def __init__(
        self, present: Mapping[str, Present] = MappingProxyType({}), contested: Collection[str] = ()
    ) -> None:
        self._present = dict(present)
        self._stored = set(present)
        self._contested = set(contested)
        self._answers: dict[str, dict[str, Any]] = {}
        self._changes: dict[str, dict[str, Any]] = {}

    def set_plainly(self, path: str, value: Any, base_rev: int, origin: Origin) -> Outcome | None:
        """Set the answer at `path` if nothing stands against it; None leaves everything as it was."""
        if path in self._contested:
            return None
        present = self._present.get(path, _NOTHING)
        meeting = meet(present, value, base_rev, origin.device_id)
        if meeting is Meeting.BESIDE:
            return None
        if meeting is Meeting.SAME:
            self._changes[path] = _change("answer", f"{origin.visit_id} {path}", origin)
            return Outcome(rev=present.rev)
        self._changes[ANSWERS] = _change(ANSWERS, origin.visit_id, origin)
        self._present[path] = Present(origin.server_seq, value, origin.device_id)
        self._answers[path] = _answer(path, value, origin)
        return Outcome(rev=origin.server_seq)

    def write(self) -> None:
        """Let the database hold what was set; the session forgets older readings of it."""
        set_now = self._answers.items()
        insert_rows(Answer, [row for path, row in set_now if path not in self._stored])
        upsert_rows(Answer, [row for path, row in set_now if path in self._stored], ("visit_id", "path"))
        upsert_rows(Change, list(self._changes.values()), ("visit_id", "kind", "doc_id"))
        self._stored |= set(self._answers)
        self._answers, self._changes = {}, {}
        for known in list(db.session.identity_map.values()):
            if isinstance(known, Answer | Change):
                db.session.expire(known)


def sheet_of(visit_id: str) -> Sheet:
    """The sheet of a visit as the database has it."""
    columns = (Answer.path, Answer.rev, Answer.value, Answer.device_id)
    of_visit = select(*columns).where(Answer.visit_id == visit_id)
    waiting = select(AnswerCandidate.path).where(AnswerCandidate.visit_id == visit_id)
    present = {row[0]: Present(*row[1:]) for row in db.session.execute(of_visit)}
    return Sheet(present, list(db.session.scalars(waiting)))


def _answer(path: str, value: Any, origin: Origin) -> dict[str, Any]:
    return {
        "visit_id": origin.visit_id,
        "path": path,
        "value": value,
        "rev": origin.server_seq,
        "op_id": origin.op_id,
        "device_id": origin.device_id,
        "user_id": origin.user_id,
        "at": origin.received_at,
    }


def _change(kind: str, doc_id: str, origin: Origin) -> dict[str, Any]:
    return {
        "visit_id": origin.visit_id,
        "kind": kind,
        "doc_id": doc_id,
        "agency_id": origin.agency_id,
        "server_seq": origin.server_seq,
    }
