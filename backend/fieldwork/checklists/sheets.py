"""The answers of one visit during one push: read once, decided in memory, written together.

The deciding is `differences.meet`, as for a single answer. Only what is plain is decided here; an answer that meets
another one it has not seen, or one beside which another waits, goes the long way through `actions.set_answer`.
"""

from typing import Any

from sqlalchemy import select

from backend.fieldwork.changes.models import Change
from backend.fieldwork.changes.rules import Origin, Outcome
from backend.fieldwork.checklists.differences import Meeting, Present, meet
from backend.fieldwork.checklists.models import Answer, AnswerCandidate
from backend.plumbing.bulk import upsert_rows
from backend.plumbing.db import db


class Sheet:
    """The present answers of a visit by path, with what this push has changed so far."""

    def __init__(self, visit_id: str) -> None:
        of_visit = select(Answer.path, Answer.rev, Answer.value, Answer.device_id).where(
            Answer.visit_id == visit_id
        )
        waiting = select(AnswerCandidate.path).where(AnswerCandidate.visit_id == visit_id)
        self._present = {row[0]: Present(*row[1:]) for row in db.session.execute(of_visit)}
        self._contested = set(db.session.scalars(waiting))
        self._answers: dict[str, dict[str, Any]] = {}
        self._changes: dict[str, dict[str, Any]] = {}

    def set_plainly(self, path: str, value: Any, base_rev: int, origin: Origin) -> Outcome | None:
        """Set the answer at `path` if nothing stands against it; None leaves everything as it was."""
        if path in self._contested:
            return None
        present = self._present.get(path, Present())
        meeting = meet(present, value, base_rev, origin.device_id)
        if meeting is Meeting.BESIDE:
            return None
        self._changes[path] = _change(path, origin)
        if meeting is Meeting.SAME:
            return Outcome(rev=present.rev)
        self._present[path] = Present(origin.server_seq, value, origin.device_id)
        self._answers[path] = _answer(path, value, origin)
        return Outcome(rev=origin.server_seq)

    def write(self) -> None:
        """Let the database hold what was set; the session forgets older readings of it."""
        upsert_rows(Answer, list(self._answers.values()), ("visit_id", "path"))
        upsert_rows(Change, list(self._changes.values()), ("visit_id", "kind", "doc_id"))
        self._answers, self._changes = {}, {}
        for known in list(db.session.identity_map.values()):
            if isinstance(known, Answer | Change):
                db.session.expire(known)


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


def _change(path: str, origin: Origin) -> dict[str, Any]:
    return {
        "visit_id": origin.visit_id,
        "kind": "answer",
        "doc_id": f"{origin.visit_id} {path}",
        "agency_id": origin.agency_id,
        "server_seq": origin.server_seq,
    }
