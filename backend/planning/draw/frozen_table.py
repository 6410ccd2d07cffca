"""The frozen roster as rows: written before the commitment, held to the committed root before it is drawn from."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import delete, select

from backend.planning.draw.committed_files import CommittedFile, pairs
from backend.planning.draw.files_at_rest import KnownEntity, kept_files, known_entities
from backend.planning.draw.models import Draw, FrozenEntity
from backend.plumbing.bulk import insert_columns
from backend.plumbing.db import db, transaction

AT_A_TIME = 20_000
Row = tuple[str, str, int]
"""Stratum, code as in the roster, entity id."""
Report = Callable[[int], None]


def write_rows(preparation_id: int, rows: Iterable[Row], report: Report) -> None:
    """Put a frozen roster into the table, a piece at a time, so that nobody else waits long for the database."""
    _clear(preparation_id)
    given, done = iter(rows), 0
    while piece := list(islice(given, AT_A_TIME)):
        with transaction():
            strata, codes, known = zip(*piece, strict=True)
            of = [preparation_id] * len(piece)
            columns = {"preparation_id": of, "stratum": strata, "code": codes, "entity_id": known}
            insert_columns(FrozenEntity, columns)
        done += len(piece)
        report(done)


def rows_of(roster: CommittedFile, known: dict[str, KnownEntity]) -> Iterator[Row]:
    """The rows that a committed roster stands for."""
    return ((stratum, code, known[code].entity_id) for code, stratum in pairs(roster))


def table_root(preparation_id: int) -> str:
    """The root that the rows in the table would have as a committed file: another one, and somebody changed them."""
    return CommittedFile(tuple(sorted(_lines_of(preparation_id)))).root


def _lines_of(preparation_id: int) -> Iterator[str]:
    """Spelled by the database, stratum by stratum in the order of the key, and read by the driver itself.

    Sorting them anew is then a merge of a few runs; the order that the database gives is not relied upon.
    """
    driver: Any = db.session.connection().connection.dbapi_connection
    mark = "?" if db.engine.dialect.name == "sqlite" else "%s"
    query = f"SELECT code || '|' || stratum FROM frozen_entity WHERE preparation_id = {mark}"
    return (line for (line,) in driver.execute(query, (preparation_id,)))


def frozen_ids(draw: Draw, stratum: str) -> list[int]:
    """The entities of one stratum of a frozen roster; a draw committed before there was a table is read from its files."""
    if draw.preparation_id is None:
        known = known_entities(draw)
        return [known[code].entity_id for code, of in pairs(kept_files(draw).roster) if of == stratum]
    query = select(FrozenEntity.entity_id).where(
        FrozenEntity.preparation_id == draw.preparation_id, FrozenEntity.stratum == stratum
    )
    return list(db.session.scalars(query))


def entity_ids(draw: Draw, codes: Iterable[str]) -> dict[str, int]:
    """Who these roster codes are."""
    if draw.preparation_id is None:
        known = known_entities(draw)
        return {code: known[code].entity_id for code in codes}
    wanted, found = list(codes), dict[str, int]()
    for first in range(0, len(wanted), 500):
        query = select(FrozenEntity.code, FrozenEntity.entity_id).where(
            FrozenEntity.preparation_id == draw.preparation_id,
            FrozenEntity.stratum.in_([stratum["id"] for stratum in draw.commit_doc["strata"]]),
            FrozenEntity.code.in_(wanted[first : first + 500]),
        )
        found.update((code, entity_id) for code, entity_id in db.session.execute(query))
    return found


def _clear(preparation_id: int) -> None:
    with transaction():
        db.session.execute(delete(FrozenEntity).where(FrozenEntity.preparation_id == preparation_id))
