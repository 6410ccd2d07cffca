"""Tables in and out: a small file read whole into rows whose cells know their address; .xlsx and .csv written.

What is written can never become a formula in the reader's program. Large files are read row by row (`open_sheets`).
"""

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from backend.core.sheets import Sheet
from backend.plumbing.open_sheets import open_sheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SAFE_TEXT = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""How a workbook is written: row by row, and no text becomes anything else."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_MADE_ON = datetime(2026, 1, 1)


@dataclass(frozen=True)
class NewSheet:
    """A table to be written."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[str]]


def read_sheet(content: bytes, filename: str, known: Collection[str] = ()) -> Sheet:
    """The first sheet of a file, whole. Refuses what is no table, saying what it is."""
    opened = open_sheet(content, filename, known)
    rows = tuple(opened.row(number, values) for number, values in opened.rows())
    return Sheet(opened.name, tuple(heading for heading in opened.headings if heading), rows)


def write_xlsx(sheets: Iterable[NewSheet]) -> bytes:
    """An .xlsx of text cells: the same sheets give the same bytes."""
    out = io.BytesIO()
    write_xlsx_to(out, sheets)
    return out.getvalue()


def write_xlsx_to(out: IO[bytes], sheets: Iterable[NewSheet]) -> None:
    """The same into an open file; rows are written as they come and not kept."""
    # Only where a workbook is written: it is much memory for every process that never does.
    import xlsxwriter

    with xlsxwriter.Workbook(out, SAFE_TEXT) as book:
        book.set_properties({"created": _MADE_ON})
        text = book.add_format({"num_format": "@"})
        bold = book.add_format({"num_format": "@", "bold": True, "bottom": 1})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            for place, heading in enumerate(sheet.headings):
                page.set_column(place, place, max(10, 2 * len(heading) + 4), text)
                page.write_string(0, place, heading, bold)
            for number, row in enumerate(sheet.rows, start=1):
                for place, value in enumerate(row):
                    page.write_string(number, place, value, text)


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A .csv in UTF-8 with BOM; a cell that could start a formula gets `'` in front."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([_guarded(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _guarded(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value
