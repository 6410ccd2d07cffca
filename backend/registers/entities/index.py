"""The search index of the directory, kept with its rows: no entity is written without its terms.

Rows written through the session are indexed when they are flushed; a bulk import indexes its rows through
`NewPostings`. Sets are read, changed and written whole, so a writer holds its agency's turn (`hold_chain`).
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, event, inspect, select
from sqlalchemy.dialects.postgresql import insert as insert_on_postgres
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.orm import Session, UOWTransaction

from backend.registers.entities.models import Entity, EntityPosting
from backend.registers.entities.postings import (
    BLOCK,
    BLOCK_BITS,
    Columns,
    members_by_term,
    size_of,
    with_members,
    without_members,
)

Key = tuple[str, int]
"""Term and block."""
Members = defaultdict[Key, "array[int]"]
Row = Mapping[str, Any]

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


class NewPostings:
    """The terms of entities that are being written, gathered in memory and brought into the index at once."""

    def __init__(self) -> None:
        self._added: Members = defaultdict(_no_members)

    def add(self, ids: Sequence[int], columns: Columns) -> None:
        """Take entities with these ids, which ascend from call to call, and the columns that are indexed."""
        _gather(self._added, ids, columns)

    def write(
        self, connection: Connection, agency_id: int, after_each: Callable[[], None] = lambda: None
    ) -> None:
        """Index what was taken, in pieces."""
        _change(connection, agency_id, self._added, {}, after_each)
        self._added = defaultdict(_no_members)


def index_rows(connection: Connection, agency_id: int, rows: Sequence[tuple[int, Row]]) -> None:
    """Index entities that are not in the index yet, given by ascending id and columns."""
    added = NewPostings()
    added.add([number for number, _ in rows], _by_column([values for _, values in rows]))
    added.write(connection, agency_id)


def move_rows(connection: Connection, agency_id: int, rows: Iterable[tuple[int, Row, Row]]) -> None:
    """Bring the index from the columns before to the columns after, of entities that are in it."""
    moved = sorted(rows, key=lambda row: row[0])
    ids = [number for number, _, _ in moved]
    before: Members = defaultdict(_no_members)
    after: Members = defaultdict(_no_members)
    _gather(before, ids, _by_column([values for _, values, _ in moved]))
    _gather(after, ids, _by_column([values for _, _, values in moved]))
    _change(connection, agency_id, _without(after, before), _without(before, after))


def _gather(members: Members, ids: Sequence[int], columns: Columns) -> None:
    first = 0
    while first < len(ids):
        block = ids[first] >> BLOCK_BITS
        last = bisect_left(ids, (block + 1) << BLOCK_BITS, first)
        own = {name: columns[name][first:last] for name in INDEXED}
        offsets = [number & (BLOCK - 1) for number in ids[first:last]]
        for term, found in members_by_term(own, offsets).items():
            members[term, block].extend(found)
        first = last


def _without(some: Members, others: Members) -> dict[Key, list[int]]:
    left = {key: sorted(set(found).difference(others.get(key, ()))) for key, found in some.items()}
    return {key: found for key, found in left.items() if found}


def _by_column(rows: Sequence[Row]) -> Columns:
    return {name: [row[name] for row in rows] for name in INDEXED}


def _no_members() -> "array[int]":
    return array("H")


def _change(
    connection: Connection,
    agency_id: int,
    added: Mapping[Key, Sequence[int]],
    removed: Mapping[Key, Sequence[int]],
    after_each: Callable[[], None] = lambda: None,
) -> None:
    columns = _POSTINGS.c
    for keys in _pieces(sorted({*added, *removed})):
        # By both columns, not by their pairs: of pairs PostgreSQL makes 500 alternatives and reads the whole table for them.
        query = select(columns.term, columns.block, columns.members).where(
            columns.agency_id == agency_id,
            columns.term.in_({term for term, _ in keys}),
            columns.block.in_({block for _, block in keys}),
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
        after_each()


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
