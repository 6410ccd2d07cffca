"""Workbooks of several sheets: read as text whose cells know their addresses, written with drop-downs and no formula."""

import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime

from python_calamine import CalamineError, CalamineWorkbook

from backend.core.errors import UNREADABLE_SHEET, Refusal
from backend.core.sheets import BookSheet
from backend.plumbing.open_sheets import text_of

MOST_BYTES = 4 << 20
MOST_UNPACKED = 64 << 20
MOST_ROWS = 2_000
_LAST_ROW_WITH_LIST = 1_000
_MADE_ON = datetime(2026, 1, 1)
_FORMULA = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<f[ >/]')

Book = Mapping[str, tuple[tuple[str, ...], ...]]


def read_book(content: bytes, filename: str) -> Book:
    """Every sheet by name, row by row from the first, as trimmed text. Refuses what is no .xlsx, and any formula by its cell."""
    if len(content) > MOST_BYTES:
        raise Refusal(UNREADABLE_SHEET, filename=filename, detail=f"文件超过 {MOST_BYTES >> 20} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MOST_UNPACKED:
                raise Refusal(UNREADABLE_SHEET, filename=filename, detail="解开后太大")
            _refuse_formulas(archive, filename)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names
        }
    except (zipfile.BadZipFile, CalamineError) as error:
        raise Refusal(UNREADABLE_SHEET, filename=filename, detail="不是完好的 .xlsx 文件") from error
    if any(len(rows) > MOST_ROWS for rows in sheets.values()):
        raise Refusal(UNREADABLE_SHEET, filename=filename, detail=f"有一张表超过 {MOST_ROWS} 行")
    return {
        name: tuple(tuple(text_of(cell).strip() for cell in row) for row in rows)
        for name, rows in sheets.items()
    }


def write_book(sheets: Iterable[BookSheet]) -> bytes:
    """An .xlsx of text cells: the same sheets give the same bytes."""
    # Only where a workbook is written: it is much memory for every process that never does.
    import xlsxwriter

    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {**options, "in_memory": True}) as book:
        book.set_properties({"created": _MADE_ON})
        text = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        head = book.add_format({"num_format": "@", "bold": True, "bg_color": "#DFECF0", "bottom": 1})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            page.freeze_panes(1, 0)
            for place, heading in enumerate(sheet.headings):
                page.set_column(place, place, sheet.widths[place], text)
                page.write_string(0, place, heading, head)
                if place in sheet.notes:
                    page.write_comment(0, place, sheet.notes[place])
            for number, row in enumerate(sheet.rows, start=1):
                for place, value in enumerate(row):
                    page.write_string(number, place, value, text)
            for place, words in sheet.lists.items():
                source = f"={words}" if isinstance(words, str) else list(words)
                page.data_validation(
                    1, place, _LAST_ROW_WITH_LIST, place,
                    {"validate": "list", "source": source, "error_title": "不在选项里", "error_message": "请从下拉里选。"},
                )  # fmt: skip
    return out.getvalue()


def _refuse_formulas(archive: zipfile.ZipFile, filename: str) -> None:
    for member in sorted(archive.namelist()):
        number = re.fullmatch(r"xl/worksheets/sheet([0-9]+)\.xml", member)
        found = _FORMULA.search(archive.read(member)) if number else None
        if number and found:
            where = f"第 {number[1]} 张表 {found[1].decode()}"
            raise Refusal(UNREADABLE_SHEET, filename=filename, detail=f"{where} 是公式，请改成文字")
