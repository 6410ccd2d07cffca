"""Many rows in one statement, the way each database takes them fastest.

New rows go to PostgreSQL by COPY; rows that may stand already as one JSON parameter, which it takes apart faster than
a driver can bind them one by one. SQLite gets both by its prepared statement.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import orjson
from psycopg.errors import UniqueViolation
from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    ColumnElement,
    Date,
    Dialect,
    Table,
    any_,
    bindparam,
    column,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from backend.plumbing.db import Base, SpelledJson, db, in_transaction, table_of

Row = Mapping[str, Any]
_POSTGRES: Dialect = postgresql.dialect()  # type: ignore[no-untyped-call]


class AlreadyThere(Exception):
    """A row with one of these keys stands already."""


def insert_rows(model: type[Base], names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, each in the order of `names`, JSON as its text. Raises AlreadyThere; the transaction is over then."""
    if not rows:
        return
    connection, table = db.session.connection(), table_of(model).name
    listed = ", ".join(f'"{name}"' for name in names)
    try:
        if connection.dialect.name == "postgresql":
            _copy(connection, f'COPY "{table}" ({listed}) FROM STDIN', rows)
        else:
            marks = ", ".join("?" * len(names))
            told = [tuple(map(_as_sqlite_keeps_it, row)) for row in rows]
            connection.exec_driver_sql(f'INSERT INTO "{table}" ({listed}) VALUES ({marks})', told)
    except (UniqueViolation, IntegrityError) as taken:
        raise AlreadyThere from taken


def upsert_rows(model: type[Base], rows: Sequence[Row], key: Collection[str]) -> None:
    """Insert rows, or, where one with the same `key` stands, put these values in its place. No key twice in `rows`."""
    _write(model, rows, tuple(key))


def insert_columns(model: type[Base], columns: Mapping[str, Iterable[Any]]) -> None:
    """Insert rows given by their columns, all of one length, inside the caller's transaction.

    JSON columns take lists and mappings, others texts, numbers and days; moments are not for here.
    """
    if not in_transaction():
        raise RuntimeError("rows are written inside a transaction")
    connection, table = db.session.connection(), table_of(model)
    names = ", ".join(columns)
    on_sqlite = connection.dialect.name == "sqlite"
    rows = zip(*(_plain(table.c[name], columns[name], on_sqlite) for name in columns), strict=True)
    driver: Any = connection.connection.dbapi_connection
    if on_sqlite:
        marks = ", ".join("?" * len(columns))
        driver.executemany(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", rows)
        return
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def next_ids(model: type[Base], count: int) -> list[int]:
    """Ids for rows to come, ascending; on the embedded database only while the writer's turn is held."""
    connection, table = db.session.connection(), table_of(model)
    if connection.dialect.name == "sqlite":
        last = connection.execute(text(f"SELECT coalesce(max(id), 0) FROM {table.name}")).scalar_one()
        return list(range(last + 1, last + 1 + count))
    sequence = text(
        f"SELECT nextval(pg_get_serial_sequence('{table.name}', 'id')) FROM generate_series(1, :count)"
    )
    return sorted(connection.execute(sequence, {"count": count}).scalars())


def among(
    field: InstrumentedAttribute[Any], values: Collection[str] | Collection[int]
) -> ColumnElement[bool]:
    """Whether a column holds one of these texts or numbers: one parameter, however many there are."""
    if db.engine.dialect.name == "postgresql":
        return field == any_(bindparam(None, list(values), ARRAY(field.type), unique=True))
    listed = func.json_each(orjson.dumps(list(values)).decode()).table_valued(column("value", field.type))
    return field.in_(select(listed.c.value))


def _plain(of: "Column[Any]", values: Iterable[Any], on_sqlite: bool) -> Iterable[Any]:
    if isinstance(of.type, JSON):
        return (None if value is None else orjson.dumps(value).decode() for value in values)
    if isinstance(of.type, Date) and on_sqlite:
        return (value.isoformat() if isinstance(value, date) else value for value in values)
    return values


def _copy(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """By COPY, which costs PostgreSQL a third of an INSERT."""
    driver: Any = connection.connection.dbapi_connection
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _as_sqlite_keeps_it(value: Any) -> Any:
    """A moment as `UtcDateTime` writes it: UTC, without saying so."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return value


def _write(model: type[Base], rows: Sequence[Row], key: tuple[str, ...]) -> None:
    if not rows:
        return
    connection, table = db.session.connection(), table_of(model)
    names = tuple(rows[0])
    on_postgres = connection.dialect.name == "postgresql"
    spelled = orjson.dumps([_with_json_spelled(table, row) for row in rows]).decode() if on_postgres else ""
    # PostgreSQL takes no JSON apart that holds a NUL, though it keeps one.
    if on_postgres and "\\u0000" not in spelled:
        connection.exec_driver_sql(_from_json(table, names, key), (spelled,))
        return
    into = postgresql.insert(table) if on_postgres else sqlite.insert(table)
    fresh = {name: into.excluded[name] for name in names if name not in key}
    connection.execute(
        into.on_conflict_do_update(index_elements=key, set_=fresh) if key else into, list(rows)
    )


def _with_json_spelled(table: Table, row: Row) -> dict[str, Any]:
    """What is kept as text is told as text, and not taken apart as JSON."""
    return {
        name: orjson.dumps(value).decode() if isinstance(table.c[name].type, SpelledJson) else value
        for name, value in row.items()
    }


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
