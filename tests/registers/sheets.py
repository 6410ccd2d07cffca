"""Spreadsheets as an office would bring them, for tests."""

from collections.abc import Mapping, Sequence

from backend.core.codes import credit_code_check_character
from backend.plumbing.spreadsheets import NewSheet, write_xlsx

ENTITY = {
    "名称": "示例市样例第001机械有限公司",
    "统一社会信用代码": "",
    "地址": "示例市样例区示例路1号",
    "负责人": "张样例",
    "联系电话": "0000-0000001",
    "风险等级": "B",
}


def credit_code(number: int) -> str:
    """An invented but valid code."""
    body = f"91990100MA{number:07d}"
    return body + credit_code_check_character(body)


def entity_rows(count: int, **changed: str) -> list[dict[str, str]]:
    """Good rows of the entity directory."""
    return [
        {
            **ENTITY,
            "名称": f"示例市样例第{n:03d}机械有限公司",
            "统一社会信用代码": credit_code(n),
            **changed,
        }
        for n in range(1, count + 1)
    ]


def as_xlsx(rows: Sequence[Mapping[str, str]], name: str = "Sheet1") -> bytes:
    """Rows by heading as an .xlsx."""
    headings = list(rows[0])
    return write_xlsx([NewSheet(name, headings, [[row.get(h, "") for h in headings] for row in rows])])
