"""The answers of one visit during one push: read once, decided in memory, written together.

The deciding is `differences.meet`, as for a single answer. Only what is plain is decided here; an answer that meets
another one it has not seen, or one beside which another waits, goes the long way through `actions.set_answer`.
"""

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import orjson
from sqlalchemy import select

from backend.fieldwork.changes.actions import Touched
from backend.fieldwork.changes.models import ANSWERS
from backend.fieldwork.changes.rules import Origin, Outcome
from backend.fieldwork.checklists.differences import Meeting, Present, meet
from backend.fieldwork.checklists.models import Answer, AnswerCandidate
from backend.plumbing.bulk import insert_rows, upsert_rows
from backend.plumbing.db import db

_NOTHING = Present()
_COLUMNS = ("visit_id", "path", "value", "rev", "op_id", "device_id", "user_id", "at")


class Sheet:
    """The present answers of a visit by path, with what this push has changed so far."""

    def __init__(
        self,
        touched: Touched,
        present: Mapping[str, Present] = MappingProxyType({}),
        contested: Collection[str] = (),
    ) -> None:
        self._touched = touched
        self._present = dict(present)
        self._stored = frozenset(present)
        self._contested = frozenset(contested)
        self._set: dict[str, tuple[Any, ...]] = {}
        self._last: Origin | None = None

    def set_plainly(self, path: str, value: Any, base_rev: int, origin: Origin) -> Outcome | None:
        """Set the answer at `path` if nothing stands against it; None leaves everything as it was."""
        if path in self._contested:
            return None
        present = self._present.get(path, _NOTHING)
        meeting = (
            Meeting.APPLY
            if present is _NOTHING and base_rev == 0
            else meet(present, value, base_rev, origin.device_id)
        )
        if meeting is Meeting.BESIDE:
            return None
        agency_id, visit_id, server_seq = origin.agency_id, origin.visit_id, origin.server_seq
        if meeting is Meeting.SAME:
            self._touched.note(agency_id, visit_id, "answer", f"{visit_id} {path}", server_seq)
            return Outcome(rev=present.rev)
        self._present[path] = Present(server_seq, value, origin.device_id)
        self._set[path], self._last = _row(path, value, origin), origin
        return Outcome(rev=server_seq)

    def told(self) -> tuple[list[tuple[Any, ...]], list[dict[str, Any]]]:
        """The rows of what was set where nothing stood, and of what was set in the place of something."""
        if last := self._last:
            self._touched.note(last.agency_id, last.visit_id, ANSWERS, last.visit_id, last.server_seq)
        fresh = [row for path, row in self._set.items() if path not in self._stored]
        again = [
            dict(zip(_COLUMNS, self._set[path], strict=True)) for path in self._set if path in self._stored
        ]
        return fresh, [{**row, "value": self._present[row["path"]].value} for row in again]


def write_sheets(sheets: Iterable[Sheet]) -> None:
    """Let the database hold what was set on these sheets, which are closed then; the session forgets older readings of it."""
    told = [sheet.told() for sheet in sheets]
    insert_rows(Answer, _COLUMNS, [row for fresh, _ in told for row in fresh])
    upsert_rows(Answer, [row for _, again in told for row in again], ("visit_id", "path"))
    for known in list(db.session.identity_map.values()):
        if isinstance(known, Answer):
            db.session.expire(known)


def sheet_of(visit_id: str, touched: Touched) -> Sheet:
    """The sheet of a visit as the database has it."""
    columns = (Answer.path, Answer.rev, Answer.value, Answer.device_id)
    of_visit = select(*columns).where(Answer.visit_id == visit_id)
    waiting = select(AnswerCandidate.path).where(AnswerCandidate.visit_id == visit_id)
    present = {row[0]: Present(*row[1:]) for row in db.session.execute(of_visit)}
    return Sheet(touched, present, list(db.session.scalars(waiting)))


def _row(path: str, value: Any, origin: Origin) -> tuple[Any, ...]:
    op_id, device_id, user_id, _, visit_id, server_seq, received_at = origin
    return visit_id, path, orjson.dumps(value).decode(), server_seq, op_id, device_id, user_id, received_at
