"""Spreadsheets in and out: cells know their address, nothing is repaired, nothing becomes a formula."""

import csv
import io

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import Refusal
from backend.plumbing.open_sheets import column_letters
from backend.plumbing.spreadsheets import NewSheet, read_sheet, write_csv, write_xlsx

plain = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=12)
NASTY = ["=1+1", "+861", "-2", "@SUM(A1)", "'=x", "https://example.invalid", "0012", "1e5", "名\n称"]


@given(st.lists(st.lists(plain, min_size=2, max_size=2), max_size=6))
def test_what_was_written_to_xlsx_is_read_again(rows: list[list[str]]) -> None:
    sheet = read_sheet(write_xlsx([NewSheet("表", ["名称", "备注"], rows)]), "a.xlsx")
    assert [[row.cells[h].text for h in ("名称", "备注")] for row in sheet.rows] == [
        row for row in rows if any(row)
    ]


@pytest.mark.parametrize("value", NASTY)
def test_no_text_becomes_a_formula_a_link_or_a_number(value: str) -> None:
    content = write_xlsx([NewSheet("表", ["名称"], [[value]])])
    assert read_sheet(content, "a.xlsx").rows[0].cells["名称"].text == value
    assert b"<f>" not in content


@pytest.mark.parametrize("value", ["=1+1", "+861", "-2", "@SUM(A1)", "平常"])
def test_a_csv_is_guarded_when_written_and_read_back_as_it_was(value: str) -> None:
    content = write_csv(["名称"], [[value]])
    line = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1]
    assert line[0][0] not in "=+-@"
    assert read_sheet(content, "a.csv").rows[0].cells["名称"].text == value


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_csv_may_come_in_either_encoding(encoding: str) -> None:
    content = "名称,备注\n䶮样例厂,好\n".encode(encoding)
    cell = read_sheet(content, "名录.csv").rows[0].cells["名称"]
    assert (cell.text, cell.address) == ("䶮样例厂", "名录!A2")


def test_an_address_counts_the_rows_and_columns_of_the_file() -> None:
    content = write_xlsx(
        [NewSheet("Sheet1", ["a", "b", "c"], [["1", "2", "3"], ["", "", ""], ["7", "8", "9"]])]
    )
    sheet = read_sheet(content, "a.xlsx")
    assert [row.number for row in sheet.rows] == [2, 4]
    assert sheet.rows[1].cells["c"].address == "Sheet1!C4"


def test_column_letters_go_on_after_z() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_code_kept_as_a_number_is_marked_damaged() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet("表")
        page.write_row(0, 0, ["编码", "数"])
        page.write_row(1, 0, [913703000000000170, 12.0])
    cells = read_sheet(out.getvalue(), "a.xlsx").rows[0].cells
    assert cells["编码"].damaged
    assert (cells["数"].damaged, cells["数"].text) == (False, "12")


def _zip_of_nothing() -> bytes:
    return b"PK\x03\x04" + b"\0" * 40


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "文件是空的"),
        (b"  \n ", "文件是空的"),
        (b"%PDF-1.7 ...", "这是 PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "旧版 Word"),
        (_zip_of_nothing(), "不是完好的 .xlsx"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "这是图片"),
        (b"\0\x01\x02\x03", "既不是表格"),
        (b",,\n,,\n", "表里没有内容"),
        ("名称,名称\n甲,乙\n".encode(), "列名重复：名称"),
        ('名称\n"没有关上\n'.encode(), "引号不成对"),
    ],
)
def test_what_is_no_table_is_refused_by_name(content: bytes, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        read_sheet(content, "a.xlsx")


def test_the_same_rows_give_the_same_bytes() -> None:
    made = [write_xlsx([NewSheet("表", ["名称"], [["甲"]])]) for _ in range(2)]
    assert made[0] == made[1]
