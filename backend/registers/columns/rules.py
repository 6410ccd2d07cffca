"""What a register's spreadsheet consists of: columns and what they demand, good and bad rows, and what differs. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.core.errors import MISSING_COLUMNS, Citation, Refusal
from backend.core.sheets import SheetRow
from backend.registers.columns.readers import Reader, text

Record = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """One column of a register's spreadsheet.

    `asked_as` are the words by which a rule profile demands it; `exact` keeps the cell's blanks, so that
    a padded code is refused and not repaired.
    """

    field: str
    heading: str
    read: Reader = text
    required: bool = False
    default: Any = ""
    other_headings: tuple[str, ...] = ()
    asked_as: tuple[str, ...] = ()
    exact: bool = False
    help: str = ""


@dataclass(frozen=True)
class Fault:
    """One wrong cell: where, what is wrong and what is expected, and the article that asks for it if one does.

    The address is empty where the file has no such column.
    """

    address: str
    heading: str
    entered: str
    sentence: str
    citation: Citation | None = None

    def __str__(self) -> str:
        return f"{self.address or self.heading}：{self.sentence}"


@dataclass(slots=True)
class GoodRow:
    """One row read: its number in the sheet, the values of the columns that the sheet has, and their addresses."""

    number: int
    values: Record
    addresses: Mapping[str, str] = field(default_factory=dict)
    raw: Sequence[Any] = ()
    """The cells as they came."""


@dataclass(frozen=True)
class BadRow:
    """One row that cannot be taken in, as it was entered, what is wrong with it, and what could be read of it."""

    entered: SheetRow
    faults: tuple[Fault, ...]
    read: GoodRow


RowCheck = Callable[[GoodRow], Sequence[Fault]]
"""What is wrong with a row beyond its cells. Its key was read; of a bad row, other values may be missing."""
Demands = Mapping[str, Citation | None]


def heading_of(column: Column, headings: Sequence[str]) -> str | None:
    """Under which of its headings the sheet has this column."""
    return next((name for name in (column.heading, *column.other_headings) if name in headings), None)


def demands_of(columns: Sequence[Column], words: Sequence[str], citation: Citation | None) -> Demands:
    """Which columns must be filled: those that always must, and those a profile asks for by its words."""
    asked = {column.field: citation for column in columns if set(column.asked_as) & set(words)}
    return {**{column.field: None for column in columns if column.required}, **asked}


def check_headings(
    columns: Sequence[Column], headings: Sequence[str], demands: Demands, filename: str
) -> None:
    """Refuse a sheet that lacks a column that must be filled."""
    missing = [c.heading for c in columns if c.field in demands and heading_of(c, headings) is None]
    if missing:
        raise Refusal(MISSING_COLUMNS, filename=filename, columns="、".join(missing))


@dataclass(frozen=True)
class Standing:
    """A record as it stands in the register, for comparison."""

    id: int
    values: Record


@dataclass(frozen=True)
class Update:
    """A record that the file changes: only the fields that differ."""

    id: int
    row: GoodRow
    before: Record
    after: Record


@dataclass(frozen=True)
class Comparison:
    """What taking in the good rows would do: read = new + updated + same + refused."""

    new: tuple[GoodRow, ...]
    updated: tuple[Update, ...]
    same: int


def compare(good: Sequence[GoodRow], standing: Mapping[Any, Standing], key_field: str) -> Comparison:
    """Sort good rows into new ones, changed ones and those that say what the register says already."""
    new: list[GoodRow] = []
    updated: list[Update] = []
    same = 0
    for row in good:
        known = standing.get(row.values[key_field])
        if known is None:
            new.append(row)
            continue
        after = {name: value for name, value in row.values.items() if known.values[name] != value}
        if after:
            before = {name: known.values[name] for name in after}
            updated.append(Update(known.id, row, before, after))
        else:
            same += 1
    return Comparison(tuple(new), tuple(updated), same)


def spelled(record: Mapping[str, Any]) -> Record:
    """A record as JSON values, for the history and the trail."""
    return {name: spelled_value(value) for name, value in record.items()}


def spelled_value(value: Any) -> Any:
    """A value as JSON and both databases write it."""
    return value.isoformat() if isinstance(value, date) else value
