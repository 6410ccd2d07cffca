"""A table opened for reading row by row, so that a large one is never held as text: .xlsx, .xls, .csv.

Text is never repaired here: a cell keeps its blanks, and a number too long for a spreadsheet is marked as damaged.
"""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import PurePath
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from backend.core.sheets import SheetCell, SheetRow
from backend.plumbing.sheet_files import kind_of, unreadable

MOST_ROWS = 1_000_000
_LONGEST_EXACT_NUMBER = 10**15
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_TITLE_ROWS = 20
"""How far down the headings are looked for below titles and hints."""
_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


@dataclass(frozen=True)
class OpenSheet:
    """The first sheet of a file: its headings, and its filled rows below them as raw values."""

    name: str
    headings: tuple[str, ...]
    """By place from column A; empty where a column has none."""
    height: int
    """Rows of the sheet down to the last filled one; a little more than there are rows to read."""
    grid: Callable[[], Iterator[tuple[int, list[Any]]]]
    """Each row with its number in the sheet and its values from column A on; it can be read again."""
    heading_row: int

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        """The rows below the headings that hold anything, each as long as the headings."""
        width = len(self.headings)
        blank = [""] * width
        for number, values in self.grid():
            if number > self.heading_row and any(value != "" for value in values):
                yield number, values if len(values) == width else (values + blank)[:width]

    def row(self, number: int, values: Sequence[Any]) -> SheetRow:
        """A row with the address of each cell."""
        cells = {
            heading: SheetCell(text_of(value), self.address(place, number), is_damaged(value))
            for place, (heading, value) in enumerate(zip(self.headings, values, strict=True))
            if heading
        }
        return SheetRow(number, cells)

    def address(self, place: int, number: int) -> str:
        """What a person calls a cell, such as `Sheet1!B3`."""
        return f"{self.name}!{column_letters(place)}{number}"


def open_sheet(content: bytes, filename: str, known: Collection[str] = ()) -> OpenSheet:
    """Open the first sheet. Titles and hints above the row that holds two of the `known` headings are passed over."""
    kind = kind_of(content, filename)
    name, height, grid = (_text if kind == "text" else _workbook)(content, filename)
    heading_row, headings = _headings(grid(), known, filename)
    if height > MOST_ROWS:
        raise unreadable(filename, f"超过 {MOST_ROWS:,} 行，请分成几份")
    return OpenSheet(name, headings, height, grid, heading_row)


def column_letters(place: int) -> str:
    """Column 0 is A, 25 is Z, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def text_of(value: Any) -> str:
    """A cell's value as the text a person would have typed."""
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


def is_damaged(value: Any) -> bool:
    """Whether a number is so long that the spreadsheet program has lost its last digits."""
    return isinstance(value, int | float) and abs(value) >= _LONGEST_EXACT_NUMBER


def _headings(
    grid: Iterable[tuple[int, list[Any]]], known: Collection[str], filename: str
) -> tuple[int, tuple[str, ...]]:
    filled = (
        (number, [text_of(value).strip() for value in values])
        for number, values in grid
        if any(value != "" for value in values)
    )
    first = list(islice(filled, _TITLE_ROWS))
    if not first:
        raise unreadable(filename, "表里没有内容")
    number, found = next((row for row in first if sum(text in known for text in row[1]) >= 2), first[0])
    while found and not found[-1]:
        found.pop()
    twice = {heading for heading in found if heading and found.count(heading) > 1}
    if twice:
        raise unreadable(filename, f"列名重复：{'、'.join(sorted(twice))}")
    return number, tuple(found)


Opened = tuple[str, int, Callable[[], Iterator[tuple[int, list[Any]]]]]


def _workbook(content: bytes, filename: str) -> Opened:
    try:
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
    except (CalamineError, IndexError) as error:
        said = "文件加了密码，请去掉密码后另存" if "assword" in str(error) else "不是完好的表格文件"
        raise unreadable(filename, said) from error
    first_row, first_column = sheet.start or (0, 0)
    before = [""] * first_column

    def grid() -> Iterator[tuple[int, list[Any]]]:
        for number, values in enumerate(sheet.iter_rows(), start=first_row + 1):
            yield number, before + values if before else values

    return sheet.name, sheet.total_height, grid


def _text(content: bytes, filename: str) -> Opened:
    encoding = _encoding_of(content)
    if encoding is None:
        raise unreadable(filename, "既不是表格，也不是 UTF-8、UTF-16 或 GB18030 编码的文本")

    def lines() -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline="")

    first = next((line for line in lines() if line.strip()), "")
    divider = "\t" if "\t" in first and "," not in first else ","

    def grid() -> Iterator[tuple[int, list[Any]]]:
        try:
            for number, row in enumerate(csv.reader(lines(), delimiter=divider, strict=True), start=1):
                yield number, [_unguarded(cell) for cell in row]
        except csv.Error as error:
            raise unreadable(filename, "引号不成对，或一格里的字太多，读不成表格") from error

    return PurePath(filename).stem or "表", sum(1 for _ in grid()), grid


def _encoding_of(content: bytes) -> str | None:
    marked = next((name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), None)
    if marked != "utf-16" and b"\0" in content:
        return None
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:].startswith(_FORMULA_STARTS) else cell
