"""The columns of the inspector directory's spreadsheet."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from backend.registers.columns.readers import day, divided, known, one_of, yes_or_no
from backend.registers.columns.rules import Column
from backend.registers.inspectors.rules import ESTABLISHMENTS, SEXES, STATUSES

KEY_FIELD = "certificate_no"


def columns(departments: Mapping[str, int], logins: Mapping[str, int]) -> tuple[Column, ...]:
    """The columns, knowing the agency's departments by name and its people by login."""
    return (
        Column("name", "姓名", required=True, asked_as=("姓名",)),
        Column(
            "sex",
            "性别",
            one_of(SEXES),
            default="unstated",
            asked_as=("性别",),
            help="、".join(SEXES.values()),
        ),
        Column("post", "岗位", asked_as=("岗位",), other_headings=("职务", "执法岗位")),
        Column(
            "establishment",
            "编制身份",
            one_of(ESTABLISHMENTS),
            other_headings=("编制",),
            help="、".join(ESTABLISHMENTS.values()),
        ),
        Column(
            "certificate_no",
            "执法证号",
            required=True,
            other_headings=("警号", "编号"),
            asked_as=("执法证号", "警号"),
            help="专家没有执法证的，填本单位给的编号",
        ),
        Column(
            "certificate_valid_to", "证件有效期至", day, default=None, help="2027-12-31；过期的不会被抽到"
        ),
        Column("speciality", "专长", specialities, help="几个之间用顿号"),
        Column("regions", "片区", divided, default=[], help="几个之间用顿号"),
        Column("department_id", "科室", known(departments, "科室"), default=None, asked_as=("单位",)),
        Column("status", "状态", one_of(STATUSES), default="active", help="在岗、离岗"),
        Column("is_expert", "专家", yes_or_no, default=False, help="是、否；专家不计入两名执法人员"),
        Column("organisation", "工作单位", help="专家和外单位来支援的人填；本单位的人不填"),
        Column("user_id", "登录账号", known(logins, "账号"), default=None),
    )


def specialities(cell: str) -> str:
    """Specialities written one way, divided by 、."""
    return "、".join(divided(cell))


def cell_text(name: str, value: Any, departments: Mapping[int, str], logins: Mapping[int, str]) -> str:
    """A person's value as its column is written, so that what was exported comes in again as the same."""
    if name in ("department_id", "user_id"):
        return {"department_id": departments, "user_id": logins}[name].get(value, "")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(value)
    if isinstance(value, date):
        return value.isoformat()
    words = {"sex": SEXES, "status": STATUSES, "establishment": ESTABLISHMENTS}.get(name, {})
    return words.get(value, "" if value is None else str(value))


EXAMPLES = (
    {
        "name": "赵示例",
        "sex": "男",
        "post": "一级主任科员",
        "establishment": "行政编制",
        "certificate_no": "SL0000001",
        "certificate_valid_to": "2027-12-31",
        "speciality": "节能监察",
        "regions": "",
        "department_id": "",
        "status": "在岗",
        "is_expert": "否",
        "organisation": "",
        "user_id": "",
    },
)
"""What the template shows in its first rows."""
