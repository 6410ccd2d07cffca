"""A table as it was read from a spreadsheet: plain values that know their addresses."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SheetCell:
    """One cell. `damaged` marks a long number whose last digits the spreadsheet program has already lost."""

    text: str
    address: str
    damaged: bool = False


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row below the headings: its number in the sheet and its cells by heading."""

    number: int
    cells: Mapping[str, SheetCell]


@dataclass(frozen=True)
class Sheet:
    """A table with headings in its first filled row; wholly empty rows are left out."""

    name: str
    headings: tuple[str, ...]
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True)
class BookSheet:
    """One sheet of a workbook to be written: text only, the first row frozen.

    `lists` gives a column its drop-down, as words or as another sheet's column (`"检查项!$C$2:$C$400"`); `widths` are in characters.
    """

    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lists: Mapping[int, tuple[str, ...] | str]
    widths: tuple[int, ...]
    notes: Mapping[int, str]
