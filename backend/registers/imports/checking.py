"""One pass over an uploaded sheet: every row is read, checked and compared with the register, some thousands at a time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.collector import resting_collector
from backend.plumbing.open_sheets import OpenSheet, open_sheet
from backend.registers.columns.row_reader import RowReader
from backend.registers.columns.rules import (
    BadRow,
    Column,
    Comparison,
    Demands,
    Fault,
    GoodRow,
    check_headings,
    compare,
    demands_of,
)
from backend.registers.imports.registers import Register
from backend.registers.imports.rules import ROWS_AT_ONCE

REASON_HEADING = "问题和改法"


@dataclass(frozen=True)
class Piece:
    """Some rows of the sheet: what taking them in would do, and those that cannot be taken in."""

    comparison: Comparison
    bad: tuple[BadRow, ...]
    read: int


@dataclass
class Counts:
    """Rows by what becomes of them: read = new + updated + same + refused, whatever the file."""

    read: int = 0
    new: int = 0
    updated: int = 0
    same: int = 0
    refused: int = 0
    extra: dict[str, int] = field(default_factory=dict)

    def add(self, piece: Piece) -> None:
        """Count some rows more."""
        self.read += piece.read
        self.new += len(piece.comparison.new)
        self.updated += len(piece.comparison.updated)
        self.same += piece.comparison.same
        self.refused += len(piece.bad)

    def as_mapping(self) -> dict[str, int]:
        names = ("read", "new", "updated", "same", "refused")
        return {**{name: getattr(self, name) for name in names}, **self.extra}


class CheckedSheet:
    """An opened sheet against the columns of its register. Refuses what is no table or lacks a needed column."""

    def __init__(
        self, actor: Actor, target: Register, content: bytes, filename: str, mended: Mapping[str, str]
    ) -> None:
        self.actor, self.target = actor, target
        self.columns: tuple[Column, ...] = target.columns(actor.agency_id)
        self.demands = demands_upon(target, self.columns, actor.agency_id)
        known = {name for column in self.columns for name in (column.heading, *column.other_headings)}
        self.sheet: OpenSheet = open_sheet(content, filename, known)
        headings = [heading for heading in self.sheet.headings if heading]
        check_headings(self.columns, headings, self.demands, filename)
        self.unread = [name for name in headings if name not in known and name != REASON_HEADING]
        self.reader = RowReader(self.columns, self.sheet, self.demands, mended)
        self.keys: dict[str, int] = {}
        """Which row of the sheet each key was in, so far as the last pass has read."""

    def pieces(self) -> Iterator[Piece]:
        """The whole sheet once, compared with the register as it stands at each piece."""
        self.keys.clear()
        rows = self.sheet.rows()
        with resting_collector():
            while piece := list(islice(rows, ROWS_AT_ONCE)):
                yield self._compared(self.reader.read(piece))

    def _compared(self, rows: list[GoodRow | BadRow]) -> Piece:
        key_field = self.target.key_field
        read = [row if isinstance(row, GoodRow) else row.read for row in rows]
        keys = [row.values[key_field] for row in read if key_field in row.values]
        standing = self.target.standing(self.actor.agency_id, keys)
        check = self.target.row_check(self.actor, standing)
        good, bad = [], []
        for row, its_values in zip(rows, read, strict=True):
            faults = list(row.faults) if isinstance(row, BadRow) else []
            if (key := its_values.values.get(key_field)) is not None:
                unread = {fault.address for fault in faults}
                faults.extend(fault for fault in check(its_values) if fault.address not in unread)
                if (first := self.keys.setdefault(key, its_values.number)) != its_values.number:
                    faults.append(self._twice(its_values, first))
            if faults:
                bad.append(self._as_bad(its_values, faults))
            else:
                good.append(its_values)
        return Piece(compare(good, standing, key_field), tuple(bad), len(rows))

    def _twice(self, row: GoodRow, first: int) -> Fault:
        sentence = f"与第 {first} 行重复：填错的改正编码；确是同一条的不用改，这一行不导入"
        return Fault(row.addresses[self.target.key_field], "", "", sentence)

    def _as_bad(self, row: GoodRow, faults: Sequence[Fault]) -> BadRow:
        """The row with its faults, each of which names its cell and says what it holds, whatever found the fault."""
        entered = self.sheet.row(row.number, row.raw)
        cells = {cell.address: (heading, cell.text) for heading, cell in entered.cells.items()}
        told = []
        for fault in faults:
            heading, text = cells.get(fault.address, (fault.heading, ""))
            told.append(replace(fault, heading=heading, entered=text))
        return BadRow(entered, tuple(told), row)


def demands_upon(target: Register, columns: tuple[Column, ...], agency_id: int) -> Demands:
    """Which of the register's columns must be filled for this agency, and by which article."""
    profile = profile_for(agency_id)
    return demands_of(columns, profile.words(target.demanded_by), profile.cite(target.demanded_by))
