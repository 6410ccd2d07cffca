"""Many rows into one table at once, the way each database takes them fastest: COPY, or one prepared statement."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import JSON, Table, text

from backend.plumbing.db import db, in_transaction


def copy_rows(table: Table, fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of plain values in the order of `fields`, inside the caller's transaction.

    JSON columns take lists and mappings; no other column type is converted, so moments are not for here.
    """
    if not in_transaction():
        raise RuntimeError("rows are written inside a transaction")
    places = [place for place, field in enumerate(fields) if isinstance(table.c[field].type, JSON)]
    prepared = (_with_json(row, places) for row in rows)
    names = ", ".join(fields)
    connection = db.session.connection()
    driver: Any = connection.connection.dbapi_connection
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(fields))
        driver.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", prepared)
        return
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in prepared:
            copy.write_row(row)


def next_ids(table: Table, count: int) -> list[int]:
    """Ids for rows to come, ascending; on the embedded database only while the writer's turn is held."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        last = connection.execute(text(f"SELECT coalesce(max(id), 0) FROM {table.name}")).scalar_one()
        return list(range(last + 1, last + 1 + count))
    sequence = text(
        f"SELECT nextval(pg_get_serial_sequence('{table.name}', 'id')) FROM generate_series(1, :count)"
    )
    return sorted(connection.execute(sequence, {"count": count}).scalars())


def _with_json(row: Sequence[Any], places: Sequence[int]) -> Sequence[Any]:
    if not places:
        return row
    written = list(row)
    for place in places:
        if written[place] is not None:
            written[place] = json.dumps(written[place], ensure_ascii=False)
    return written
