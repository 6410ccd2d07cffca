"""A file that is no good table is answered within two seconds with what to do, and nothing is written."""

import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from datetime import datetime

import pytest
import xlsxwriter
from sqlalchemy import func, select

from backend.core.errors import Refusal
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.imports.actions import import_rows, upload
from backend.registers.imports.models import ImportFile
from backend.registers.imports.queries import bad_rows
from tests.people import OFFICER, Person
from tests.registers.sheets import as_xlsx, credit_code, entity_rows

Acting = Callable[[Person], Actor]
LONGEST_SECONDS = 2
HEADINGS = ["名称", "统一社会信用代码", "地址", "负责人", "联系电话", "评定日期"]
ROW = ["示例市样例机械有限公司", credit_code(1), "示例市样例区示例路1号", "张样例", "0000-0000001"]


def _book(
    fill: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], None], **options: object
) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, options) as book:
        fill(book, book.add_worksheet("Sheet1"))
    return out.getvalue()


def _with_member(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            inside = old.read(member)
            new.writestr(member.filename, change(inside) if member.filename == name else inside)
    return out.getvalue()


def _bomb(says_its_size: bool) -> bytes:
    """A sheet of one gigabyte of blanks; unless it says so, its entry claims to unpack to a kilobyte."""
    good = as_xlsx(entity_rows(1))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(1024)) + packer.flush()
    name = b"xl/worksheets/sheet1.xml"
    size = 1 << 30 if says_its_size else 1024
    head = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, 0, len(packed), size, len(name), 0)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if member.filename.encode() != name:
                new.writestr(member.filename, old.read(member))
    whole = out.getvalue()
    end = whole.rindex(b"PK\x05\x06")
    entries, directory_size, start = struct.unpack("<HII", whole[end + 10 : end + 20])
    local = b"PK\x03\x04" + head + name + packed
    entry = (
        b"PK\x01\x02"
        + struct.pack("<H", 20)
        + head[:-4]
        + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, start)
        + name
    )
    directory = whole[start:end] + entry
    ending = b"PK\x05\x06" + struct.pack(
        "<HHHHIIH", 0, 0, entries + 1, entries + 1, directory_size + len(entry), start + len(local), 0
    )
    return whole[:start] + local + directory + ending


def _far_cell() -> bytes:
    def fill(_book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_string(1_048_575, 16_383, "远处")

    return _book(fill)


def _compound(stream: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + stream.encode("utf-16-le") + b"\0" * 600


def _external_entity(content: bytes) -> bytes:
    entity = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    return _with_member(
        content, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"?>", b"?>" + entity, 1)
    )


def _pack(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(name, "x")
    return out.getvalue()


XML_2003 = b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "a renamed program": (lambda: b"MZ\x90\0" + b"\0" * 900, "这是程序"),
    "an .xls that only claims to be one": (lambda: _compound("Workbook"), "不是完好的表格文件"),
    "an encrypted workbook": (lambda: _compound("EncryptedPackage"), "加了密码"),
    "SpreadsheetML 2003": (lambda: XML_2003, "Excel 2003 的 XML"),
    "a page from the web": (lambda: b"<html><table><tr><td>1</td></tr></table></html>", "这是网页"),
    "a bomb that says so": (lambda: _bomb(True), "解开后太大"),
    "a bomb that lies": (lambda: _bomb(False), "太大|不是完好"),
    "external entities": (lambda: _external_entity(as_xlsx(entity_rows(1))), "外部实体"),
    "a cell in the last corner": (_far_cell, "太大了"),
    "a Word document": (lambda: _pack("word/document.xml"), "Word"),
    "an archive": (lambda: _pack("名录.csv"), "压缩包"),
    "half a workbook": (lambda: as_xlsx(entity_rows(9))[:3000], "不是完好"),
    "UTF-16 without its mark": (lambda: "名称,编码\n甲,乙".encode("utf-16-le"), "既不是表格"),
    "a quote that never closes": (lambda: b'"' + "名称".encode() * 200_000, "引号不成对"),
}


@pytest.mark.parametrize("what", BAD)
def test_it_is_refused_by_name_and_leaves_nothing(acting: Acting, what: str) -> None:
    make, said = BAD[what]
    officer, content = acting(OFFICER), make()
    start = time.process_time()
    with pytest.raises(Refusal, match=said):
        upload(officer, "entities", "名录.xlsx", content)
    assert time.process_time() - start < LONGEST_SECONDS
    assert db.session.scalar(select(func.count(ImportFile.id))) == 0


def _imported(actor: Actor, content: bytes, name: str = "名录.xlsx") -> list[str]:
    held = upload(actor, "entities", name, content)
    assert held.counts["refused"] == 0, [str(f) for row in bad_rows(held) for f in row.faults]
    import_rows(actor, held.id, good_rows_only=False)
    return list(db.session.scalars(select(Entity.name).order_by(Entity.id)))


def test_titles_and_hints_above_the_headings_are_passed_over(acting: Acting) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.merge_range(0, 0, 0, 5, "检查对象名录库")
        sheet.merge_range(1, 0, 1, 16_383, "填表说明：带＊的必填")
        sheet.write_row(3, 1, HEADINGS)
        sheet.write_row(4, 1, ROW)
        sheet.write_blank(4, 300, None, book.add_format({"bold": True}))

    assert _imported(acting(OFFICER), _book(fill)) == [ROW[0]]


def test_an_xlsx_may_be_called_xls_and_the_address_names_its_cells(acting: Acting) -> None:
    assert _imported(acting(OFFICER), as_xlsx(entity_rows(1)), "名录.xls") == [
        ROW[0].replace("机械", "第001机械")
    ]


@pytest.mark.parametrize("from_1904", [False, True])
def test_a_date_means_the_same_day_in_either_calendar(acting: Acting, from_1904: bool) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, ROW)
        sheet.write_datetime(1, 5, datetime(2026, 7, 1), book.add_format({"num_format": "yyyy-mm-dd"}))

    _imported(acting(OFFICER), _book(fill, date_1904=from_1904))
    assert str(db.session.scalar(select(Entity.risk_date))) == "2026-07-01"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_text_table_is_read_in_its_own_encoding(acting: Acting, encoding: str, line_end: str) -> None:
    divider = "\t" if encoding == "utf-16" else ","
    lines = [divider.join(HEADINGS[:5]), divider.join(["示例市䶮𠮷机械有限公司", *ROW[1:]]), ""]
    assert _imported(acting(OFFICER), line_end.join(lines).encode(encoding), "a.csv") == [
        "示例市䶮𠮷机械有限公司"
    ]


@pytest.mark.parametrize(
    ("place", "value", "said"),
    [
        (1, credit_code(1).lower(), f"应写成 {credit_code(1)}"),
        (1, "９１" + credit_code(1)[2:], f"应写成 {credit_code(1)}"),
        (1, "9.1990100E+17", "科学计数法"),
        (1, 919901000000000000, "末几位已被表格软件改掉"),
        (0, "示例\ufffd公司", "认不出的字"),
        (0, "示例\ue000公司", "自造字"),
        (0, "示例\u200b公司", "看不见的字符"),
    ],
)
def test_a_damaged_cell_is_told_what_it_should_be(
    acting: Acting, place: int, value: object, said: str
) -> None:
    def fill(_book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, [value if at == place else cell for at, cell in enumerate(ROW)])

    held = upload(acting(OFFICER), "entities", "名录.xlsx", _book(fill))
    assert said in str(bad_rows(held)[0].faults[0])


def test_a_telephone_number_stored_as_a_number_is_read_as_text(acting: Acting) -> None:
    def fill(_book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, [*ROW[:4], 13800000001])

    _imported(acting(OFFICER), _book(fill))
    assert db.session.scalar(select(Entity.phone)) == "13800000001"
