"""Count the agency's order up, and note where in it a document changed."""

from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.orm.util import identity_key

from backend.fieldwork.changes.models import Change, ServerSequence
from backend.plumbing.bulk import upsert_rows
from backend.plumbing.db import db, table_of

_KEY = ("visit_id", "kind", "doc_id")
_SEQUENCE = table_of(ServerSequence)
_COUNT_UP = (
    update(_SEQUENCE)
    .where(_SEQUENCE.c.agency_id == bindparam("agency"))
    .values(last=_SEQUENCE.c.last + bindparam("count"))
    .returning(_SEQUENCE.c.last)
)

MOST_SINCE_A_BACKUP = 1_000_000
"""More changes than an agency makes between a backup and its restore."""


def next_server_seq(agency_id: int) -> int:
    """The next place in the agency's order. The caller holds the agency's chain, so others wait until its transaction ends."""
    return next_server_seqs(agency_id, 1)


def next_server_seqs(agency_id: int, count: int) -> int:
    """The first of the next `count` places in the agency's order."""
    asked = {"agency": agency_id, "count": count}
    last: int | None = db.session.connection().execute(_COUNT_UP, asked).scalar_one_or_none()
    if last is None:
        last = count
        db.session.execute(insert(ServerSequence).values(agency_id=agency_id, last=last))
    return last - count + 1


def skip_numbers_of_a_lost_life() -> None:
    """After a restore: no number that the lost life may have given is given again, so that what a phone saw as a
    revision then is never taken for one of now. The caller is in a transaction."""
    db.session.execute(update(ServerSequence).values(last=ServerSequence.last + MOST_SINCE_A_BACKUP))


class Touched:
    """Documents that changed in one transaction, noted together: each once, where it changed last."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str], dict[str, Any]] = {}

    def note(self, agency_id: int, visit_id: str, kind: str, doc_id: str, server_seq: int) -> None:
        """This document changed at `server_seq`, which is beyond those told before."""
        row = {"visit_id": visit_id, "kind": kind, "doc_id": doc_id}
        self._rows[visit_id, kind, doc_id] = {**row, "agency_id": agency_id, "server_seq": server_seq}

    def write(self) -> None:
        """Let the database hold them; the session forgets older readings of them."""
        upsert_rows(Change, list(self._rows.values()), _KEY)
        for key in self._rows:
            known = db.session.identity_map.get(identity_key(Change, key))
            if known is not None:
                db.session.expire(known)
        self._rows = {}


def touch(agency_id: int, visit_id: str, kind: str, doc_id: str, server_seq: int) -> None:
    """Note that this document changed at `server_seq`."""
    db.session.flush()
    touched = Touched()
    touched.note(agency_id, visit_id, kind, doc_id, server_seq)
    touched.write()
