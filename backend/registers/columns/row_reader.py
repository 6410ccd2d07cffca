"""Reading a sheet's rows against a register's columns, fast where a row is good and exact where it is not."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from backend.core.sheets import SheetCell
from backend.plumbing.open_sheets import OpenSheet, is_damaged, text_of
from backend.registers.columns.rules import BadRow, Column, Demands, Fault, GoodRow, heading_of

_MOST_REMEMBERED = 5_000
"""Cells of a column whose meaning is kept from one piece of the sheet to the next."""
_UNREADABLE = re.compile("[\ufffd\ufffe\uffff]")
_HOME_MADE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_DOUBTFUL = re.compile("|".join(doubt.pattern for doubt in (_UNREADABLE, _HOME_MADE, _UNSEEN)))


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
        self._readers = [_ColumnReader(column, column.field in demands) for column in self.columns]
        self._mended = _by_row(mended, sheet)

    def read(self, rows: Sequence[tuple[int, list[Any]]]) -> list[GoodRow | BadRow]:
        """These rows, each with its number in the sheet, in their order. Read column by column: equal cells only once."""
        entered = [self._as_mended(number, values) for number, values in rows]
        cells = list(zip(*entered, strict=True))
        read = [reader.read(cells[place]) for reader, place in zip(self._readers, self._places, strict=True)]
        wrong = {row for reader in self._readers for row in reader.wrong}
        fields = self._fields
        return [
            self._bad(number, raw)
            if place in wrong
            else GoodRow(number, dict(zip(fields, values, strict=True)), _Addresses(self, number), raw)
            for place, ((number, _), raw, values) in enumerate(
                zip(rows, entered, zip(*read, strict=True), strict=True)
            )
        ]

    def address(self, field: str, number: int) -> str:
        """The cell of this field in this row; KeyError when the sheet has no such column."""
        try:
            place = self._places[self._fields.index(field)]
        except ValueError:
            raise KeyError(field) from None
        return self._sheet.address(place, number)

    def _as_mended(self, number: int, values: list[Any]) -> list[Any]:
        if number not in self._mended:
            return values
        mended = [*values]
        for place, text in self._mended[number].items():
            mended[place] = text
        return mended

    def _bad(self, number: int, values: list[Any]) -> BadRow:
        entered = self._sheet.row(number, values)
        read = GoodRow(number, {}, _Addresses(self, number), values)
        faults = []
        for column, place, reader in zip(self.columns, self._places, self._readers, strict=True):
            heading = self._sheet.headings[place]
            cell: SheetCell = entered.cells[heading]
            try:
                read.values[column.field] = reader.value_of(values[place])
            except ValueError as error:
                words = cell.text if column.exact else cell.text.strip()
                citation = self._demands.get(column.field) if words == "" else None
                faults.append(Fault(cell.address, heading, cell.text, str(error), citation))
        return BadRow(entered, tuple(faults), read)


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
            raise ValueError(f"{column.heading}必须填写")
        return column.default
    if not words.isascii() or not words.isprintable():
        _check_characters(words)
    return column.read(words)


class _ColumnReader:
    """Reads one column's cells and remembers what each meant, within bounds."""

    def __init__(self, column: Column, demanded: bool) -> None:
        self._column, self._demanded = column, demanded
        self._remembered: dict[Any, Any] = {}
        self._unreadable: set[Any] = set()
        self.wrong: list[int] = []
        """The places of the cells of the last reading that could not be read."""

    def read(self, cells: Sequence[Any]) -> list[Any]:
        """Each cell's value; None, and its place among the wrong ones, where it has none."""
        if len(self._remembered) > _MOST_REMEMBERED:
            self._remembered, self._unreadable = {}, set()
        # 1, 1.0 and True are one key and three cells.
        keys = cells if set(map(type, cells)) == {str} else [(type(cell), cell) for cell in cells]
        for key in set(keys).difference(self._remembered):
            try:
                self._remembered[key] = self.value_of(key if keys is cells else key[1])
            except ValueError:
                self._remembered[key] = None
                self._unreadable.add(key)
        bad = self._unreadable
        self.wrong = [place for place, key in enumerate(keys) if key in bad] if bad else []
        return list(map(self._remembered.__getitem__, keys))

    def value_of(self, cell: Any) -> Any:
        """One cell's value; raises ValueError with half a Chinese sentence."""
        if not isinstance(cell, str):
            if is_damaged(cell):
                raise ValueError("这一格是数字，末几位已被表格软件改掉；请把整列设为文本后重填")
            cell = text_of(cell)
        return read_text(self._column, cell, self._demanded)


def _check_characters(words: str) -> None:
    if not _DOUBTFUL.search(words):
        return
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
