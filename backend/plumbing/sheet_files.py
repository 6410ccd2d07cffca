"""What a file that claims to be a table really is, found out before anything unpacks or parses it.

A file is known by its content, never by its name. What would fill the memory (a zip bomb, a single cell in
the last column of the last row) or reach outside (external entities) is refused within a second or two.
"""

import re
import zipfile
import zlib
from io import BytesIO

from backend.core.errors import UNREADABLE_SHEET, Refusal

LARGEST_BYTES = 48 << 20
LARGEST_UNPACKED = 800 << 20
MOST_CELLS = 16_000_000
"""Rows times columns up to the last filled cell: what the reader must hold at once."""

_STEP = 1 << 20
_STEEPEST = 100
"""How much tighter than its content a large member may be packed; a real sheet stays below 30."""
_SMALL = 32 << 20
_OTHER_KINDS = (
    (b"%PDF", "这是 PDF"),
    (b"MZ", "这是程序，不是表格"),
    (b"\x7fELF", "这是程序，不是表格"),
    (b"Rar!", "这是压缩包，请先解开"),
    (b"7z\xbc\xaf", "这是压缩包，请先解开"),
    (b"\x1f\x8b", "这是压缩包，请先解开"),
    (b"\x89PNG", "这是图片"),
    (b"\xff\xd8\xff", "这是图片"),
    (b"SQLite format 3\0", "这是数据库文件"),
)
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKED_UP = (
    (b"urn:schemas-microsoft-com:office:spreadsheet", "这是 Excel 2003 的 XML 表格，请另存为 .xlsx"),
    (b"<html", "这是网页，不是表格，请在表格软件里打开后另存为 .xlsx"),
    (b"<!doctype html", "这是网页，不是表格，请在表格软件里打开后另存为 .xlsx"),
    (b"<table", "这是网页，不是表格，请在表格软件里打开后另存为 .xlsx"),
)
_FAR_CELL = re.compile(rb'<c r="([A-Z]{2,3})[0-9]+"[^>]*[^/]><')
_ROW = re.compile(rb'<(?:row|c) r="[A-Z]{0,3}([0-9]{1,7})"')


def kind_of(content: bytes, filename: str) -> str:
    """`xlsx`, `xls` or `text`; refuses everything else, saying what it is and what to do."""
    if not content.strip():
        raise unreadable(filename, "文件是空的")
    if len(content) > LARGEST_BYTES:
        raise unreadable(filename, f"文件超过 {LARGEST_BYTES >> 20} MB，请分成几份")
    for start, said in _OTHER_KINDS:
        if content.startswith(start):
            raise unreadable(filename, said)
    if content.startswith(b"PK"):
        _check_package(content, filename)
        return "xlsx"
    if content.startswith(_COMPOUND_FILE):
        _check_compound_file(content, filename)
        return "xls"
    head = content[:4096].lower().replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    for mark, said in _MARKED_UP:
        if head.startswith(b"<") and mark in head:
            raise unreadable(filename, said)
    return "text"


def unreadable(filename: str, detail: str) -> Refusal:
    """The refusal of a file, with what is the matter."""
    return Refusal(UNREADABLE_SHEET, filename=filename, detail=detail)


def _check_compound_file(content: bytes, filename: str) -> None:
    names = {name: name.encode("utf-16-le") in content for name in ("EncryptedPackage", "Workbook", "Book")}
    if names["EncryptedPackage"]:
        raise unreadable(filename, "文件加了密码，请去掉密码后另存")
    if not (names["Workbook"] or names["Book"]):
        raise unreadable(filename, "不是表格（可能是旧版 Word 文档或安装包）")


def _check_package(content: bytes, filename: str) -> None:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            members = package.infolist()
            names = {member.filename for member in members}
            if "xl/workbook.bin" in names:
                raise unreadable(filename, "这是二进制 .xlsb，请另存为 .xlsx")
            if "xl/workbook.xml" not in names:
                raise unreadable(filename, _other_package(names))
            if any(member.flag_bits & 1 for member in members):
                raise unreadable(filename, "文件加了密码，请去掉密码后另存")
            if sum(member.file_size for member in members) > LARGEST_UNPACKED or any(map(_steep, members)):
                raise unreadable(filename, "解开后太大，请分成几份")
            left = LARGEST_UNPACKED
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    left -= _check_member(package, member, left, filename)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as error:
        raise unreadable(filename, "不是完好的 .xlsx 文件") from error


def _steep(member: zipfile.ZipInfo) -> bool:
    return member.file_size > max(_SMALL, _STEEPEST * member.compress_size)


def _other_package(names: set[str]) -> str:
    if "word/document.xml" in names:
        return "这是 Word 文档，请把表格放进 .xlsx"
    if "content.xml" in names:
        return "这是 .ods 表格，请另存为 .xlsx"
    return "这是压缩包，不是表格，请先解开"


def _check_member(package: zipfile.ZipFile, member: zipfile.ZipInfo, left: int, filename: str) -> int:
    """Unpack one member without keeping it; return its true size, whatever the package says of it."""
    size, last_row, last_column, tail = 0, 0, 26, b""
    is_sheet = member.filename.startswith("xl/worksheets/")
    with package.open(member) as unpacked:
        while piece := unpacked.read(_STEP):
            if size == 0 and (b"<!DOCTYPE" in piece[:4096] or b"<!ENTITY" in piece[:4096]):
                raise unreadable(filename, "文件里夹带外部实体，不安全")
            size += len(piece)
            if size > left:
                raise unreadable(filename, "解开后太大，请分成几份")
            if is_sheet:
                seen = tail + piece
                last_column = max([last_column, *map(_place, _FAR_CELL.findall(seen))])
                tail = seen[-200:]
                if found := _ROW.findall(seen[-20_000:]):
                    last_row = max(last_row, int(found[-1]))
                if last_row * last_column > MOST_CELLS:
                    raise unreadable(
                        filename,
                        f"表伸到第 {last_row:,} 行、第 {last_column:,} 列，太大了；请删去表外的零散内容，或分成几份",
                    )
    return size


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place
