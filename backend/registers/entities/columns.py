"""The columns of the entity directory's spreadsheet."""

from collections.abc import Mapping
from typing import Any

from backend.core.codes import entity_code_fault, is_identity_number, registration_number_fault
from backend.registers.columns.readers import day, divided, known, one_of
from backend.registers.columns.rules import Column
from backend.registers.entities.rules import (
    FLAGS,
    GRADES,
    KINDS,
    OPEN_ENDED,
    SCALES,
    STATUSES,
    STATUSES_TO_SET,
    DatedFlag,
)

KEY_FIELD = "code"
_BRACKETS = str.maketrans("", "", "（）()")
_READ_FLAG = one_of(FLAGS)


def read_code(cell: str) -> str:
    """An entity's code as it stands; raises ValueError with what is wrong."""
    fault = entity_code_fault(cell)
    if fault is not None:
        raise ValueError(fault)
    return cell


def read_registration_no(cell: str) -> str:
    """An old registration number; raises ValueError with what is wrong."""
    fault = registration_number_fault(cell)
    if fault is not None:
        raise ValueError(fault)
    return cell


def read_identity_no(cell: str) -> str:
    """An identity number with a capital X; raises ValueError with what is wrong."""
    number = cell.upper()
    if not is_identity_number(number):
        raise ValueError("身份证号应为 18 位，且出生日期和校验位正确")
    return number


def read_flags(cell: str) -> list[DatedFlag]:
    """Flags, each followed by its last day (至2027-03-01) or by 长期; raises ValueError with what is wrong."""
    return [_read_flag(part) for part in divided(cell.translate(_BRACKETS))]


def _read_flag(part: str) -> DatedFlag:
    words, _, until = part.partition("至")
    is_open = part.endswith(OPEN_ENDED)
    word = _READ_FLAG(words.removesuffix(OPEN_ENDED).strip())
    if not until or is_open:
        return DatedFlag(word, None, is_open)
    return DatedFlag(word, day(until.strip()))


def columns(departments: Mapping[str, int]) -> tuple[Column, ...]:
    """The columns, knowing the agency's departments by name."""
    return (
        Column(
            "name",
            "名称",
            required=True,
            other_headings=("检查对象名称", "企业名称"),
            asked_as=("名称", "检查对象名称"),
        ),
        Column(
            "code",
            "统一社会信用代码",
            read_code,
            required=True,
            exact=True,
            other_headings=("编码", "检查对象唯一编码", "信用代码"),
            asked_as=("统一社会信用代码", "检查对象唯一编码"),
            help="18 位；没有信用代码的写“类型:编号”，不能用身份证号",
        ),
        Column(
            "registration_no",
            "原注册号",
            read_registration_no,
            other_headings=("注册号", "工商注册号"),
            help="换照前的 15 位注册号，可不填",
        ),
        Column(
            "identity_no",
            "身份证号",
            read_identity_no,
            help="只填自然人的；平时遮住中间，看全号会留痕",
        ),
        Column("kind", "种类", one_of(KINDS), default="enterprise", help="、".join(KINDS.values())),
        Column("address", "地址", other_headings=("住所", "经营场所"), asked_as=("地址",)),
        Column("region", "所在地", other_headings=("区域", "所属区县")),
        Column("industry", "行业"),
        Column(
            "scale",
            "规模",
            one_of(SCALES),
            default="",
            other_headings=("企业规模", "企业类型规模"),
            help="、".join(SCALES.values()) + "，可不填",
        ),
        Column("principal", "负责人", other_headings=("法定代表人",), asked_as=("负责人",)),
        Column("phone", "联系电话", other_headings=("联系方式", "电话"), asked_as=("联系方式",)),
        Column(
            "risk_grade",
            "风险等级",
            one_of({grade: grade for grade in GRADES}),
            default=None,
            other_headings=("风险分类等级",),
            asked_as=("风险分类等级",),
            help="A（低）、B、C、D（高）",
        ),
        Column("risk_source", "等级来源"),
        Column("risk_date", "评定日期", day, default=None, help="2026-07-21"),
        Column(
            "status",
            "状态",
            one_of(STATUSES_TO_SET),
            default="active",
            help="、".join(STATUSES_TO_SET.values()),
        ),
        Column("directories", "专项名录", divided, default=[], help="几个之间用顿号"),
        Column(
            "flags",
            "标记",
            read_flags,
            default=[],
            help=f"{'、'.join(FLAGS.values())}；后面写到哪天为止，如“经营异常名录至2027-03-01”，没有期限的写“失信行为长期”",
        ),
        Column(
            "department_id",
            "维护科室",
            known(departments, "科室"),
            default=None,
            help="不填则由导入人所在科室维护",
        ),
    )


def cell_text(field: str, value: Any, departments: Mapping[int, str]) -> str:
    """A stored value as the spreadsheet spells it, so that an exported file can be imported again."""
    if value in (None, ""):
        return ""
    if field == "department_id":
        return departments[value]
    if isinstance(value, list):
        return "、".join(part.words if isinstance(part, DatedFlag) else part for part in value)
    return {"kind": KINDS, "scale": SCALES, "status": STATUSES}.get(field, {}).get(value, str(value))


EXAMPLES = (
    {
        "name": "示例市样例第001机械有限公司",
        "code": "91370300MA0000017X",
        "kind": "企业",
        "address": "示例市样例区示例路1号",
        "region": "样例区",
        "industry": "机械制造",
        "scale": "小型",
        "principal": "张样例",
        "phone": "13800000001",
        "risk_grade": "B",
        "risk_source": "通用型企业信用风险分类",
        "risk_date": "2026-01-05",
        "status": "在册",
        "directories": "重点用能单位",
        "flags": "",
        "department_id": "",
    },
)
"""What the template shows in its first rows."""
