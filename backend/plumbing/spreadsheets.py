"""Tables in and out: .xlsx and .csv are read into rows whose cells know their address; .xlsx and .csv are written.

Text is never repaired here: a cell keeps its blanks, and a number too long for a spreadsheet is marked as
damaged. What is written can never become a formula in the reader's program.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import PurePath
from typing import Any

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from backend.core.errors import UNREADABLE_SHEET, Refusal
from backend.core.sheets import Sheet, SheetCell, SheetRow

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_BYTES = 48 << 20
LARGEST_UNPACKED = 1 << 30
MOST_ROWS = 1_000_000
_LONGEST_EXACT_NUMBER = 10**15
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_MADE_ON = datetime(2026, 1, 1)


@dataclass(frozen=True)
class NewSheet:
    """A table to be written."""

    name: str
    headings: Sequence[str]
    rows: Iterable[Sequence[str]]


def read_sheet(content: bytes, filename: str) -> Sheet:
    """The first sheet of an .xlsx, or a .csv in UTF-8 or GB18030. Refuses anything else, saying what it is."""
    if not content.strip():
        raise _unreadable(filename, "文件是空的")
    if len(content) > LARGEST_BYTES:
        raise _unreadable(filename, f"文件超过 {LARGEST_BYTES >> 20} MB，请分成几份")
    name, grid = _xlsx(content, filename) if content.startswith(b"PK") else _csv(content, filename)
    filled = [(number, row) for number, row in enumerate(grid, start=1) if any(cell != "" for cell in row)]
    if not filled:
        raise _unreadable(filename, "表里没有内容")
    if len(filled) > MOST_ROWS:
        raise _unreadable(filename, f"超过 {MOST_ROWS:,} 行，请分成几份")
    headings = tuple(_text(cell).strip() for cell in filled[0][1])
    twice = {heading for heading in headings if heading and headings.count(heading) > 1}
    if twice:
        raise _unreadable(filename, f"列名重复：{'、'.join(sorted(twice))}")
    columns = [(heading, f"{name}!{column_letters(place)}") for place, heading in enumerate(headings)]
    rows = tuple(
        SheetRow(
            number,
            {
                heading: SheetCell(_text(value), f"{column}{number}", _damaged(value))
                for (heading, column), value in zip(columns, row, strict=False)
                if heading
            },
        )
        for number, row in filled[1:]
    )
    return Sheet(name, tuple(heading for heading in headings if heading), rows)


def column_letters(place: int) -> str:
    """Column 0 is A, 25 is Z, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def write_xlsx(sheets: Iterable[NewSheet]) -> bytes:
    """An .xlsx of text cells: the same sheets give the same bytes."""
    out = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
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
    return out.getvalue()


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A .csv in UTF-8 with BOM; a cell that could start a formula gets `'` in front."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([_guarded(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _xlsx(content: bytes, filename: str) -> tuple[str, list[list[Any]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > LARGEST_UNPACKED:
            raise _unreadable(filename, "解开后太大，请分成几份")
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        return sheet.name, sheet.to_python(skip_empty_area=False)
    except (zipfile.BadZipFile, CalamineError, IndexError) as error:
        raise _unreadable(filename, "不是完好的 .xlsx 文件") from error


def _csv(content: bytes, filename: str) -> tuple[str, list[list[Any]]]:
    if content.startswith(b"%PDF"):
        raise _unreadable(filename, "这是 PDF")
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _unreadable(filename, "这是旧版 .xls，请另存为 .xlsx")
    text = _decoded(content)
    if text is None:
        raise _unreadable(filename, "既不是表格，也不是 UTF-8 或 GB18030 编码的文本")
    try:
        grid = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as error:
        raise _unreadable(filename, "引号不成对，读不成表格") from error
    return PurePath(filename).stem or "表", [[_unguarded(cell) for cell in row] for row in grid]


def _decoded(content: bytes) -> str | None:
    if b"\0" in content:
        return None
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value)


def _damaged(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) >= _LONGEST_EXACT_NUMBER


def _guarded(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def _unguarded(value: str) -> str:
    return value[1:] if value[:1] == "'" and value[1:].startswith(_FORMULA_STARTS) else value


def _unreadable(filename: str, detail: str) -> Refusal:
    return Refusal(UNREADABLE_SHEET, filename=filename, detail=detail)
