"""The columns of the matter list's spreadsheet."""

from collections.abc import Mapping

from backend.registers.columns.readers import known, one_of, ratio
from backend.registers.columns.rules import Column
from backend.registers.entities.rules import KINDS
from backend.registers.matters.rules import CLASSES

KEY_FIELD = "code"


def columns(departments: Mapping[str, int]) -> tuple[Column, ...]:
    """The columns, knowing the agency's departments by name."""
    return (
        Column("code", "事项编码", required=True),
        Column(
            "name", "抽查事项名称", required=True, other_headings=("事项名称",), asked_as=("抽查事项名称",)
        ),
        Column("matter_class", "事项类别", one_of(CLASSES), required=True, help="重点、一般"),
        Column("objects", "抽查对象", asked_as=("抽查对象",)),
        Column("content", "抽查内容", asked_as=("抽查内容",)),
        Column(
            "legal_basis",
            "抽查依据",
            required=True,
            asked_as=("抽查依据",),
            help="法律、法规、规章的名称和条",
        ),
        Column("methods", "抽查方式", asked_as=("抽查方式",), help="实地核查、书面检查、网络监测、抽样检测"),
        Column(
            "ratio",
            "抽查比例",
            ratio,
            default=None,
            asked_as=("抽查比例",),
            help="5%、1/20；重点事项可写“不设上限”",
        ),
        Column("frequency", "抽查频次", asked_as=("抽查频次",), help="每年 1 次"),
        Column("entity_kind", "对象种类", one_of(KINDS), default="", help="不填为各类对象"),
        Column("form_key", "检查表", default=None, help="检查表的代号，如 industrial-energy"),
        Column("department_id", "责任科室", known(departments, "科室"), default=None),
    )


EXAMPLES = (
    {
        "code": "SLGX-01",
        "name": "工业企业节能监察",
        "matter_class": "重点",
        "objects": "工业企业",
        "content": "能源管理、计量统计、用能设备和工艺",
        "legal_basis": "《中华人民共和国节约能源法》第十二条",
        "methods": "实地核查、书面检查",
        "ratio": "5%",
        "frequency": "每年 1 次",
        "entity_kind": "企业",
        "form_key": "industrial-energy",
        "department_id": "",
    },
)
"""What the template shows in its first rows."""
