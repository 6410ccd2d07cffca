"""The columns of the matter list's spreadsheet."""

from collections.abc import Mapping
from typing import Any

from backend.registers.columns.readers import known, one_of
from backend.registers.columns.rules import Column
from backend.registers.entities.rules import KINDS
from backend.registers.matters.rules.ratios import read_ratio
from backend.registers.matters.rules.words import CLASSES

KEY_FIELD = "code"


def ratio_to_the_letter(cell: str) -> str:
    """The ratio as it is worded. Raises ValueError on a number that no ratio can be."""
    read_ratio(cell)
    return cell


def columns(departments: Mapping[str, int]) -> tuple[Column, ...]:
    """The columns, knowing the agency's departments by name."""
    return (
        Column("code", "事项编码", required=True),
        Column(
            "name", "抽查事项名称", required=True, other_headings=("事项名称",), asked_as=("抽查事项名称",)
        ),
        Column("matter_class", "事项类别", one_of(CLASSES), required=True, help="重点、一般"),
        Column("objects", "抽查对象", asked_as=("抽查对象",), other_headings=("检查对象",)),
        Column("content", "抽查内容", asked_as=("抽查内容",), other_headings=("检查内容",)),
        Column(
            "legal_basis",
            "抽查依据",
            required=True,
            other_headings=("检查依据",),
            asked_as=("抽查依据",),
            help="法律、法规、规章的名称和条",
        ),
        Column(
            "methods",
            "抽查方式",
            other_headings=("检查方式",),
            asked_as=("抽查方式",),
            help="如实地核查、书面检查、网络监测、抽样检测，几个之间用顿号；照清单原文，不限这几种",
        ),
        Column("body", "检查主体", asked_as=("检查主体",), help="以谁的名义检查"),
        Column(
            "ratio_text",
            "抽查比例",
            ratio_to_the_letter,
            asked_as=("抽查比例",),
            help="5%、1/20；重点事项可写“不设上限”；写成一句话的照原文保留，再请您说明按多少执行",
        ),
        Column("frequency", "抽查频次", asked_as=("抽查频次",), help="每年 1 次"),
        Column(
            "entity_kind",
            "对象种类",
            one_of(KINDS),
            default="",
            help=f"不填为各类对象；{'、'.join(KINDS.values())}",
        ),
        Column("form_key", "检查表", default=None, help="检查表的代号，如 industrial-energy"),
        Column("department_id", "责任科室", known(departments, "科室"), default=None),
    )


def cell_text(name: str, value: Any, departments: Mapping[int, str]) -> str:
    """A matter's value as its column is written, so that what was exported comes in again as the same."""
    if value is None:
        return ""
    if name == "department_id":
        return departments.get(value, "")
    words = {"matter_class": CLASSES, "entity_kind": KINDS}.get(name, {})
    return words.get(value, str(value))


EXAMPLES = (
    {
        "code": "SLGX-01",
        "name": "工业企业节能监察",
        "matter_class": "重点",
        "objects": "工业企业",
        "content": "能源管理、计量统计、用能设备和工艺",
        "legal_basis": "《中华人民共和国节约能源法》第十二条",
        "methods": "实地核查、书面检查",
        "body": "示例市样例局",
        "ratio_text": "5%",
        "frequency": "每年 1 次",
        "entity_kind": "企业",
        "form_key": "industrial-energy",
        "department_id": "",
    },
)
"""What the template shows in its first rows."""
