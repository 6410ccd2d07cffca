"""The database only pre-filters: candidates below a ticket threshold, which the pure core sorts and cuts (draw.md 4).

Whatever order or surplus an engine gives back, the outcome is the same; an engine that hashes by itself
(PostgreSQL) only saves the journey of a million codes.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, LargeBinary, String, bindparam, cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from backend.planning.draw.models import FrozenEntity
from backend.planning.draw.tickets import Hashed, below
from backend.plumbing.db import db

STREAMED = 10_000


class FrozenTable:
    """The frozen roster of one preparation as the database holds it."""

    def __init__(self, preparation_id: int) -> None:
        self._preparation_id = preparation_id

    def below(self, stratum: str, key: bytes, limit: bytes) -> list[Hashed]:
        """Every (ticket, code) of `stratum` whose ticket is below `limit`, in no order."""
        rows = (FrozenEntity.preparation_id == self._preparation_id) & (FrozenEntity.stratum == stratum)
        if _hashes_by_itself():
            ticket = _ticket(key, FrozenEntity.code)
            query = select(ticket, FrozenEntity.code).where(rows, ticket < _raw(limit))
            return [(bytes(found), code) for found, code in db.session.execute(query)]
        codes = db.session.scalars(
            select(FrozenEntity.code).where(rows).execution_options(yield_per=STREAMED)
        )
        return below(codes, key, limit)


def engine_faults(key: bytes, codes: Sequence[str], limit: bytes) -> list[str]:
    """What the engine in use hashes otherwise than Python, in words; empty when the two agree (draw.md 4)."""
    if not _hashes_by_itself():
        return []
    given = (
        func.unnest(cast(bindparam(None, list(codes)), ARRAY(String))).table_valued("code").render_derived()
    )
    ticket = _ticket(key, given.c.code)
    found = db.session.execute(select(ticket, given.c.code).where(ticket < _raw(limit)))
    computed = sorted((bytes(digest), code) for digest, code in found)
    return [] if computed == sorted(below(codes, key, limit)) else ["数据库算出的票号与程序算出的不同"]


def _hashes_by_itself() -> bool:
    return db.engine.dialect.name == "postgresql"


def _ticket(key: bytes, code: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bytes]:
    keyed = literal(key.hex(), String()).concat(code)
    return func.sha256(func.convert_to(keyed, "UTF8"), type_=LargeBinary())


def _raw(limit: bytes) -> ColumnElement[bytes]:
    return bindparam(None, limit, type_=LargeBinary())
