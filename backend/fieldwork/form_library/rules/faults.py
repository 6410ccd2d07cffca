"""What the schema and the engine find wrong with a form, said in Chinese at the cell where it can be mended."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from backend.fieldwork.form_library.rules.layout import COLUMNS, FORM, FORM_ROWS, ITEMS, LOGIC, letter
from backend.fieldwork.form_library.rules.reading import CellFault, ReadForm

_REQUIRED = {
    "basis": "判断项要写依据",
    "method": "判断项要写怎么查",
    "failText": "判断项要写不合格表述",
    "severity": "判断项要选级别",
    "verified": "判断项要选已核或待核",
    "choices": "单选、多选要在选项表里至少有两个选项",
    "columns": "表格至少要有一列：另起一行，“所属表格”写它的编号",
}
_OUT_OF_PLACE = {
    "points": "只有判断项在这里写分值",
    "prefill": "只有文字、数字、选择、日期能由名录带出",
    "default": "只有文字、数字、选择、日期能有默认",
    "constraint": "只有文字、数字、选择、日期能有约束",
}
_MEANINGS = (
    (r"(\S+) is not an earlier item", r"\1 不是前面的检查项"),
    (r"(\S+) can never be (.+)", r"\1 不会是“\2”，请对照选项"),
    (r"(lt|le|gt|ge) cannot compare (\S+?),.*", r"\2 不是数字或日期，不能比大小"),
    (r"use in, not (?:eq|ne), for (\S+?),.*", r"\1 是多选，比较用“属于”"),
    (r"(\S+?), a \S+, can only be answered or not", r"\1 只能用“已填”“未填”"),
    (r"(\S+) cannot be compared with (\S+)", r"\1 和 \2 不是同一种，不能比"),
    (r"is used twice", "编号用了两次"),
    (r"\S+ is above \S+", "最少比最多还大"),
    (r"\S+: min is above max", "最小值比最大值还大"),
    (r"\S+ has the choice (\S+) twice", r"选项 \1 用了两次"),
    (r"has the column (\S+) twice", r"列 \1 用了两次"),
    (r"its default can be no answer.*", "默认不能当作这一项的答案"),
)


def of_shape(path: Sequence[Any], validator: str, message: str, read: ReadForm) -> CellFault:
    """A fault the schema found: `path` leads into the form."""
    lacking = re.match(r"'(\w+)' is a required property", message)
    names = [one for one in path if isinstance(one, str)]
    if names[:1] != ["sections"] or len(path) < 2:
        name = names[0] if names else ""
        words = FORM_ROWS.get(name, name or "表单")
        return CellFault(f"{FORM}!{letter(FORM, 'value')}1", f"“{words}”{_told(validator, message)}")
    section = read.content["sections"][path[1]]
    if len(path) < 4:
        row = read.rows.get(f"section {section['id']}", 1)
        return CellFault(
            f"{ITEMS}!{letter(ITEMS, 'section')}{row}", f"分节的编号或名称{_told(validator, message)}"
        )
    item = section["items"][path[3]]
    rest = [one for one in path[4:] if isinstance(one, str)]
    name = lacking[1] if lacking else (rest[0] if rest else "type")
    owner = item["id"]
    if rest[:1] == ["columns"] and len(path) > 5:
        owner = f"{owner}/{item['columns'][path[5]]['id']}"
        name = lacking[1] if lacking else (rest[1] if len(rest) > 1 else "type")
    words = _REQUIRED.get(name, "还没填") if lacking else _told(validator, message, name)
    return CellFault(read.address(owner, _column(name)), words)


def of_meaning(fault: str, read: ReadForm) -> CellFault:
    """A fault the engine found: `item: what`."""
    owner, _, what = fault.partition(": ")
    words = next((re.sub(seen, said, what) for seen, said in _MEANINGS if re.fullmatch(seen, what)), what)
    for effect in ("relevant", "constraint"):
        row = read.rows.get(f"{effect} {owner}")
        if row and re.search("不是前面|不会是|比大小|属于|已填|不能比", words):
            return CellFault(f"{LOGIC}!{letter(LOGIC, 'item')}{row}", words)
    return CellFault(read.address(owner, "id"), words)


def in_order(faults: Iterable[CellFault]) -> list[CellFault]:
    """Each once, sheet by sheet, row by row."""
    return sorted(set(faults), key=lambda fault: tuple(_place(fault.address)))


def _place(address: str) -> Iterator[Any]:
    sheet, _, cell = address.partition("!")
    yield list(COLUMNS).index(sheet) if sheet in COLUMNS else -1
    yield int(re.sub(r"\D", "", cell) or 0)
    yield cell


def _column(name: str) -> str:
    return {
        "minPieces": "fewest",
        "minRows": "fewest",
        "maxPieces": "most",
        "maxRows": "most",
        "choices": "type",
    }.get(name, name)


def _told(validator: str, message: str, name: str = "") -> str:
    if name in _OUT_OF_PLACE and "False schema" in message:
        return _OUT_OF_PLACE[name]
    if validator in ("minLength", "minItems", "required"):
        return "还没填"
    if validator == "maxLength":
        return "太长了，最多 200 字"
    if validator in ("pattern", "oneOf", "anyOf"):
        return "写法不对，请看模板这一列的说明"
    if validator in ("minimum", "maximum"):
        return "数值超出范围"
    if validator == "type":
        return "还没填，或不是这一列要的内容"
    return "与这一项的类型不相配，请删去或改类型"
