"""The evidence that the pushes of one transaction add to a visit: what stands is read once, what is new is written together.

The deciding is that of `actions.add` where nothing is late: the set only grows, and the same file at the same item is no news.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson

from backend.fieldwork.changes.actions import Touched
from backend.fieldwork.changes.rules import APPLIED, Origin, Outcome
from backend.fieldwork.evidence.actions import CAPTURE
from backend.fieldwork.evidence.models import Evidence
from backend.fieldwork.evidence.queries import places_of_evidence
from backend.plumbing.bulk import insert_rows

_COLUMNS = (
    "visit_id",
    "sha",
    "item",
    "role",
    "mime",
    "size",
    "caption",
    "capture",
    "op_id",
    "user_id",
    "at",
    "late",
)


class Pieces:
    """The evidence of one visit: what stands, looked for only once it is asked about, and what came."""

    def __init__(self, visit_id: str, touched: Touched, untouched: bool) -> None:
        """`untouched`: it is known that the visit has none yet."""
        self._visit_id, self._touched = visit_id, touched
        self._places: set[tuple[str, str]] | None = set() if untouched else None
        self.rows: list[tuple[Any, ...]] = []

    def add(self, value: dict[str, Any], taken_at: datetime, origin: Origin) -> Outcome:
        """Add a file to the visit, at an item or at none."""
        if self._places is None:
            self._places = places_of_evidence(self._visit_id)
        sha, item = value["sha"], value["item"] or ""
        if (sha, item) in self._places:
            return APPLIED
        self._places.add((sha, item))
        document = f"{self._visit_id} {sha} {item}"
        self._touched.note(origin.agency_id, self._visit_id, "evidence", document, origin.server_seq)
        self.rows.append(
            (
                self._visit_id,
                sha,
                item,
                value["role"],
                value["mime"],
                value["size"],
                value["caption"] or "",
                orjson.dumps({name: value[name] for name in CAPTURE}).decode(),
                origin.op_id,
                origin.user_id,
                taken_at,
                False,
            )
        )
        return APPLIED


def write_pieces(visits: Iterable[Pieces]) -> None:
    """Let the database hold what was added, and close these."""
    insert_rows(Evidence, _COLUMNS, [row for pieces in visits for row in pieces.rows])
