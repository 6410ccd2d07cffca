"""A workbook with faults is not taken in; each fault names its cell and what would be right."""

import io
import zipfile

import pytest

from backend.core.errors import Refusal
from backend.fieldwork.form_library.books import imported
from tests.fieldwork.form_library.workbooks import book_of, next_version

pytestmark = pytest.mark.one_database

# Rows 2 to 6 of 检查项 say what kind of entity it is; row 8 is a check item.
FAULTS = [
    ({"表单!name@3": "版 本"}, "表单!A3", "不在选项里"),
    ({"表单!value@3": "两"}, "表单!B3", "应为整数"),
    ({"检查项!type@8": "判定"}, "检查项!E8", "应为判断、单选"),
    ({"检查项!label@8": ""}, "检查项!F8", "还没填"),
    ({"检查项!id@8": "siteAddress"}, "检查项!C8", "用了两次"),
    ({"检查项!id@8": "第一项"}, "检查项!C8", "写法不对"),
    ({"检查项!basis@8": "安全生产法24条"}, "检查项!I8", "应写成《法律名称》第22条"),
    ({"检查项!basis@8": "《安全生产法》"}, "检查项!I8", "缺条号"),
    ({"检查项!verified@8": "待核"}, "检查项!I8", "待核时不写条号"),
    ({"检查项!severity@8": ""}, "检查项!M8", "要选级别"),
    ({"检查项!points@8": "十"}, "检查项!N8", "应为整数"),
    ({"检查项!min@3": "零"}, "检查项!R3", "写法不对"),
    ({"检查项!section@8": "profile"}, "检查项!A8", "要排在一起"),
    ({"选项!id@2": "unheardOf"}, "选项!A2", "检查项表里没有"),
    ({"选项!value@2": ""}, "选项!C2", "还没填值"),
    ({"逻辑!item@2": "unheardOf"}, "逻辑!E2", "没有编号为 unheardOf"),
    ({"逻辑!target@2": "unheardOf"}, "逻辑!A2", "没有编号为 unheardOf"),
    ({"逻辑!comparison@2": "像"}, "逻辑!F2", "不在选项里"),
    ({"逻辑!value@2": "unheardOf"}, "逻辑!E2", "不会是“unheardOf”"),
    ({"逻辑!item@2": "noFireInStore"}, "逻辑!E2", "不是前面的检查项"),
    ({"逻辑!comparison@2": "大于"}, "逻辑!E2", "不能比大小"),
]


@pytest.mark.parametrize(("cells", "address", "words"), FAULTS, ids=lambda one: str(one)[:40])
def test_a_fault_is_told_at_its_cell(cells: dict[str, str], address: str, words: str) -> None:
    form, faults = imported(book_of(next_version(), cells), "表单.xlsx")
    assert form is None
    told = {fault.address: fault.words for fault in faults}
    assert address in told, told
    assert words in told[address]


def test_all_faults_are_told_at_once_in_order() -> None:
    cells = {"逻辑!item@2": "unheardOf", "检查项!type@9": "判定", "检查项!type@8": "判定"}
    _, faults = imported(book_of(next_version(), cells), "表单.xlsx")
    addresses = [fault.address for fault in faults]
    assert addresses.index("检查项!E8") < addresses.index("检查项!E9") < addresses.index("逻辑!E2")


def test_a_formula_is_refused_by_its_cell() -> None:
    book = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book_of(next_version()))) as before, zipfile.ZipFile(book, "w") as after:
        for name in before.namelist():
            content = before.read(name)
            if name.endswith("sheet2.xml"):
                content = content.replace(b'<c r="F8"', b'<c r="F8"><f>1+1</f></c><c r="F8"', 1)
            after.writestr(name, content)
    with pytest.raises(Refusal) as refusal:
        imported(book.getvalue(), "表单.xlsx")
    assert "第 2 张表 F8 是公式" in refusal.value.sentence_zh


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no book", "列,列".encode()])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal) as refusal:
        imported(content, "表单.xlsx")
    assert refusal.value.problem.code == "unreadable-sheet"
