"""The search index of the directory, kept with its rows: no entity is written without its terms.

Rows written through the session are indexed when they are flushed; a bulk import indexes its rows through
`index_rows`. Sets are read, changed and written whole, so a writer holds its agency's turn (`hold_chain`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, event, inspect, select, tuple_
from sqlalchemy.dialects.postgresql import insert as insert_on_postgres
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session, UOWTransaction

from backend.registers.entities.models import Entity, EntityPosting
from backend.registers.entities.postings import (
    BLOCK,
    BLOCK_BITS,
    size_of,
    terms_of,
    with_members,
    without_members,
)

Key = tuple[str, int]
"""Term and block."""
Members = defaultdict[Key, list[int]]

INDEXED = (
    "name",
    "code",
    "address",
    "principal",
    "registration_no",
    "risk_grade",
    "region",
    "industry",
    "kind",
    "status",
    "department_id",
    "directories",
    "flags",
)
_POSTINGS: Table = EntityPosting.__table__  # type: ignore[assignment]
_KEYS_AT_ONCE = 500


def index_rows(connection: Connection, agency_id: int, rows: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Index entities that are not in the index yet, given by ascending id and columns."""
    added: Members = defaultdict(list)
    for number, values in rows:
        block, offset = number >> BLOCK_BITS, number & (BLOCK - 1)
        for term in terms_of(values):
            added[term, block].append(offset)
    _change(connection, agency_id, added, {})


def move_rows(
    connection: Connection, agency_id: int, rows: Iterable[tuple[int, Mapping[str, Any], Mapping[str, Any]]]
) -> None:
    """Bring the index from the columns before to the columns after, of entities that are in it."""
    added: Members = defaultdict(list)
    removed: Members = defaultdict(list)
    for number, before, after in sorted(rows, key=lambda row: row[0]):
        block, offset = number >> BLOCK_BITS, number & (BLOCK - 1)
        old, new = terms_of(before), terms_of(after)
        for term in new - old:
            added[term, block].append(offset)
        for term in old - new:
            removed[term, block].append(offset)
    _change(connection, agency_id, added, removed)


def _change(
    connection: Connection,
    agency_id: int,
    added: Mapping[Key, Sequence[int]],
    removed: Mapping[Key, Sequence[int]],
) -> None:
    columns = _POSTINGS.c
    for keys in _pieces(sorted({*added, *removed})):
        query = select(columns.term, columns.block, columns.members).where(
            columns.agency_id == agency_id, tuple_(columns.term, columns.block).in_(keys)
        )
        held = {(term, block): members for term, block, members in connection.execute(query)}
        written = []
        for key in keys:
            members = held.get(key, b"")
            if key in added:
                members = with_members(members, added[key])
            if key in removed:
                members = without_members(members, removed[key])
            term, block = key
            count = size_of(members)
            written.append(
                {"agency_id": agency_id, "term": term, "block": block, "count": count, "members": members}
            )
        _write(connection, written)


def _write(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    insert = insert_on_sqlite if connection.dialect.name == "sqlite" else insert_on_postgres
    statement = insert(_POSTINGS)
    changed = {"count": statement.excluded.count, "members": statement.excluded.members}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["agency_id", "term", "block"], set_=changed), rows
    )


def _pieces(keys: Sequence[Key]) -> Iterator[list[Key]]:
    left = iter(keys)
    while piece := list(islice(left, _KEYS_AT_ONCE)):
        yield piece


def _columns_of(entity: Entity) -> dict[str, Any]:
    return {name: getattr(entity, name) for name in INDEXED}


def _columns_before(entity: Entity) -> dict[str, Any]:
    state = inspect(entity)
    before = _columns_of(entity)
    for name in INDEXED:
        if deleted := state.attrs[name].history.deleted:
            before[name] = deleted[0]
    return before


@event.listens_for(Session, "before_flush")
def _note_what_was(session: Session, _flush: UOWTransaction, _instances: object) -> None:
    """Keep what changed entities held, while it is still known."""
    changed = [row for row in session.dirty if isinstance(row, Entity) and session.is_modified(row)]
    for entity in changed:
        for name in INDEXED:
            inspect(entity).attrs[name].load_history()
    session.info["entities before"] = [(entity, _columns_before(entity)) for entity in changed]
    session.info["entities new"] = [row for row in session.new if isinstance(row, Entity)]


@event.listens_for(Session, "after_flush")
def _index_what_is(session: Session, _flush: UOWTransaction) -> None:
    """Index what this flush wrote."""
    new: list[Entity] = session.info.pop("entities new", [])
    changed: list[tuple[Entity, dict[str, Any]]] = session.info.pop("entities before", [])
    for agency_id in {row.agency_id for row in new}:
        own = [(row.id, _columns_of(row)) for row in new if row.agency_id == agency_id]
        index_rows(session.connection(), agency_id, own)
    for agency_id in {row.agency_id for row, _ in changed}:
        moved = [(row.id, was, _columns_of(row)) for row, was in changed if row.agency_id == agency_id]
        move_rows(session.connection(), agency_id, moved)
