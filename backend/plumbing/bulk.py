"""Many rows in one statement: what a push brings is written at once, not row by row.

PostgreSQL gets the rows as one JSON parameter, which it takes apart faster than a driver can bind them one by one;
SQLite gets them by its prepared statement.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import Any

import orjson
from sqlalchemy import JSON, Column, Dialect, Table
from sqlalchemy.dialects import postgresql, sqlite

from backend.plumbing.db import Base, db

Row = Mapping[str, Any]
_POSTGRES: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


def insert_rows(model: type[Base], rows: Sequence[Row]) -> None:
    """Insert rows that all have the same columns."""
    _write(model, rows, ())


def upsert_rows(model: type[Base], rows: Sequence[Row], key: Collection[str]) -> None:
    """Insert rows, or, where one with the same `key` stands, put these values in its place. No key twice in `rows`."""
    _write(model, rows, tuple(key))


def _write(model: type[Base], rows: Sequence[Row], key: tuple[str, ...]) -> None:
    if not rows:
        return
    connection, table = db.session.connection(), model.__table__
    assert isinstance(table, Table)
    names = tuple(rows[0])
    on_postgres = connection.dialect.name == "postgresql"
    spelled = orjson.dumps([dict(row) for row in rows]).decode() if on_postgres else ""
    # PostgreSQL takes no JSON apart that holds a NUL, though it keeps one.
    if on_postgres and "\\u0000" not in spelled:
        connection.exec_driver_sql(_from_json(table, names, key), (spelled,))
        return
    into = postgresql.insert(table) if on_postgres else sqlite.insert(table)
    fresh = {name: into.excluded[name] for name in names if name not in key}
    connection.execute(
        into.on_conflict_do_update(index_elements=key, set_=fresh) if key else into, list(rows)
    )


@cache
def _from_json(table: Table, names: tuple[str, ...], key: tuple[str, ...]) -> str:
    columns = [table.c[name] for name in names]
    listed = ", ".join(f'"{name}"' for name in names)
    chosen = ", ".join(map(_chosen, columns))
    typed = ", ".join(f'"{column.name}" {column.type.compile(_POSTGRES)}' for column in columns)
    fresh = ", ".join(f'"{name}" = excluded."{name}"' for name in names if name not in key)
    found = ", ".join(f'"{name}"' for name in key)
    on_conflict = f" ON CONFLICT ({found}) DO UPDATE SET {fresh}" if key else ""
    return (
        f'INSERT INTO "{table.name}" ({listed}) SELECT {chosen} '
        f"FROM json_to_recordset(%s::json) AS r({typed}){on_conflict}"
    )


def _chosen(column: "Column[Any]") -> str:
    """A JSON null is a value of a JSON column, not the absence of one."""
    return f"coalesce(r.\"{column.name}\", 'null')" if isinstance(column.type, JSON) else f'r."{column.name}"'
