"""Reading a sheet's rows against a register's columns, fast where a row is good and exact where it is not."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from backend.core.sheets import SheetCell
from backend.plumbing.open_sheets import OpenSheet, is_damaged, text_of
from backend.registers.columns.rules import BadRow, Column, Demands, Fault, GoodRow, heading_of

_MOST_REMEMBERED = 5_000
_UNREADABLE = re.compile("[\ufffd\ufffe\uffff]")
_HOME_MADE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


class RowReader:
    """Turns the rows of one sheet into good or bad ones; `mended` holds cells put right, by address."""

    def __init__(
        self, columns: Sequence[Column], sheet: OpenSheet, demands: Demands, mended: Mapping[str, str]
    ) -> None:
        self._sheet = sheet
        self._demands = demands
        self.columns = [column for column in columns if heading_of(column, sheet.headings)]
        self._places = [sheet.headings.index(str(heading_of(c, sheet.headings))) for c in self.columns]
        self._fields = [column.field for column in self.columns]
        self._readers = [_cell_reader(column, column.field in demands) for column in self.columns]
        self._mended = _by_row(mended, sheet)

    def rows(self) -> Iterator[GoodRow | BadRow]:
        """Every row below the headings, in order."""
        places, readers, fields = self._places, self._readers, self._fields
        for number, values in self._sheet.rows():
            if number in self._mended:
                values = [*values]
                for place, text in self._mended[number].items():
                    values[place] = text
            try:
                read = [reader(values[place]) for reader, place in zip(readers, places, strict=True)]
            except ValueError:
                yield self._bad(number, values)
            else:
                yield GoodRow(number, dict(zip(fields, read, strict=True)), _Addresses(self, number), values)

    def address(self, field: str, number: int) -> str:
        """The cell of this field in this row; KeyError when the sheet has no such column."""
        try:
            place = self._places[self._fields.index(field)]
        except ValueError:
            raise KeyError(field) from None
        return self._sheet.address(place, number)

    def _bad(self, number: int, values: list[Any]) -> BadRow:
        entered = self._sheet.row(number, values)
        faults = []
        for column, place, reader in zip(self.columns, self._places, self._readers, strict=True):
            heading = self._sheet.headings[place]
            cell: SheetCell = entered.cells[heading]
            try:
                reader(values[place])
            except ValueError as error:
                words = cell.text if column.exact else cell.text.strip()
                citation = self._demands.get(column.field) if words == "" else None
                faults.append(Fault(cell.address, heading, cell.text, str(error), citation))
        return BadRow(entered, tuple(faults))


class _Addresses(Mapping[str, str]):
    """The addresses of one row's cells, worked out only when one is asked for."""

    __slots__ = ("_number", "_reader")

    def __init__(self, reader: RowReader, number: int) -> None:
        self._reader, self._number = reader, number

    def __getitem__(self, field: str) -> str:
        return self._reader.address(field, self._number)

    def __iter__(self) -> Iterator[str]:
        return (column.field for column in self._reader.columns)

    def __len__(self) -> int:
        return len(self._reader.columns)


def read_text(column: Column, entered: str, demanded: bool) -> Any:
    """One cell's text as the column's value; raises ValueError with half a Chinese sentence."""
    words = entered if column.exact else entered.strip()
    if words == "":
        if demanded:
            raise ValueError(f"{column.heading}必填")
        return column.default
    if not words.isascii() or not words.isprintable():
        _check_characters(words)
    return column.read(words)


def _cell_reader(column: Column, demanded: bool) -> Callable[[Any], Any]:
    remembered: dict[str, Any] = {}

    def read(value: Any) -> Any:
        if not isinstance(value, str):
            if is_damaged(value):
                raise ValueError("这一格是数字，末几位已被表格软件改掉；请把整列设为文本后重填")
            value = text_of(value)
        try:
            return remembered[value]
        except KeyError:
            found = read_text(column, value, demanded)
            if len(remembered) < _MOST_REMEMBERED:
                remembered[value] = found
            return found

    return read


def _check_characters(words: str) -> None:
    if _UNREADABLE.search(words):
        raise ValueError("有认不出的字“�”（转换编码时已丢失），请对照原件改正")
    if found := _HOME_MADE.search(words):
        raise ValueError(
            f"“{found[0]}”（U+{ord(found[0]):04X}）是自造字，别的电脑认不出，请改用标准汉字（如䶮、𠮷）"
        )
    if found := _UNSEEN.search(words):
        raise ValueError(f"夹着看不见的字符 U+{ord(found[0]):04X}，请重新录入这一格")


def _by_row(mended: Mapping[str, str], sheet: OpenSheet) -> dict[int, dict[int, str]]:
    wanted: dict[int, dict[int, str]] = {}
    for address, text in mended.items():
        cell = address.removeprefix(f"{sheet.name}!")
        letters = cell.rstrip("0123456789")
        number = int(cell[len(letters) :])
        place = next((p for p in range(len(sheet.headings)) if sheet.address(p, number) == address), None)
        if place is not None:
            wanted.setdefault(number, {})[place] = text
    return wanted
