"""The database only pre-filters: candidates below a ticket threshold, which the pure core sorts and cuts (draw.md 4).

Whatever order or surplus an engine gives back, the outcome is the same; an engine that hashes by itself
(PostgreSQL) only saves the journey of a million codes.
"""

from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, String, bindparam, case, cast, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from backend.planning.draw.models import FrozenEntity
from backend.planning.draw.tickets import Hashed, Limits, below
from backend.plumbing.db import db


class FrozenTable:
    """The frozen roster of one preparation as the database holds it."""

    def __init__(self, preparation_id: int) -> None:
        self._preparation_id = preparation_id

    def below(self, limits: Limits, key: bytes) -> dict[str, list[Hashed]]:
        """By stratum, every (ticket, code) whose ticket is below its limit, in no order."""
        if _hashes_by_itself():
            return self._below_by_the_engine(limits, key)
        return {stratum: below(self._codes(stratum), key, limit) for stratum, limit in limits.items()}

    def _below_by_the_engine(self, limits: Limits, key: bytes) -> dict[str, list[Hashed]]:
        """One scan over all strata, by several workers: the planner takes a hash to be as cheap as a sum."""
        for setting in ("parallel_setup_cost", "parallel_tuple_cost", "min_parallel_table_scan_size"):
            db.session.execute(text(f"SET LOCAL {setting} = 0"))
        db.session.execute(text("SET LOCAL jit = off"))
        ticket, limit = _ticket(key, FrozenEntity.code), _limit_by_stratum(limits)
        query = select(FrozenEntity.stratum, ticket, FrozenEntity.code)
        query = query.where(FrozenEntity.preparation_id == self._preparation_id, ticket < limit)
        found: dict[str, list[Hashed]] = {stratum: [] for stratum in limits}
        for stratum, digest, code in db.session.connection().execute(query):
            found[stratum].append((bytes(digest), code))
        return found

    def _codes(self, stratum: str) -> Iterator[bytes]:
        """Streamed by the driver itself, as the bytes that are hashed: of a million rows, every layer between is felt."""
        driver: Any = db.session.connection().connection.dbapi_connection
        query = "SELECT CAST(code AS BLOB) FROM frozen_entity WHERE preparation_id = ? AND stratum = ?"
        return map(itemgetter(0), driver.execute(query, (self._preparation_id, stratum)))


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
    return (
        []
        if computed == sorted(below(map(str.encode, codes), key, limit))
        else ["数据库算出的票号与程序算出的不同"]
    )


def _hashes_by_itself() -> bool:
    return db.engine.dialect.name == "postgresql"


def _ticket(key: bytes, code: ColumnElement[str] | InstrumentedAttribute[str]) -> ColumnElement[bytes]:
    keyed = literal(key.hex(), String()).concat(code)
    return func.sha256(func.convert_to(keyed, "UTF8"), type_=LargeBinary())


def _limit_by_stratum(limits: Limits) -> ColumnElement[bytes]:
    return case({stratum: _raw(limit) for stratum, limit in limits.items()}, value=FrozenEntity.stratum)


def _raw(limit: bytes) -> ColumnElement[bytes]:
    return bindparam(None, limit, type_=LargeBinary())
