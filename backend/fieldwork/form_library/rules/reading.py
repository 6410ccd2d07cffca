"""The template's sheets as a form, or every fault with the cell it stands in."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.fieldwork.checklists.values import FILE_TYPES
from backend.fieldwork.checklists.wording import RESULTS
from backend.fieldwork.form_library.rules.conditions import ConditionRow, expression_of
from backend.fieldwork.form_library.rules.layout import (
    CHOICES,
    COLUMNS,
    FORM,
    FORM_ROWS,
    ITEMS,
    LOGIC,
    MATTER_CLASSES,
    letter,
)

Book = Mapping[str, Sequence[Sequence[str]]]
Row = dict[str, str]

_LAW = re.compile(
    r"《([^《》]+(?:《[^《》]*》[^《》]*)*)》(?:第([0-9]+)条(\([0-9]+\))?|（(待核|无条号)）)?\Z"
)
_ID = re.compile(r"[a-z][a-zA-Z0-9]{1,39}\Z")
_WHOLE = re.compile(r"0|[1-9][0-9]{0,8}\Z")
_NAMES = {words: key for key, words in FORM_ROWS.items()}
_CHECK_WORDS = {words: key for key, words in RESULTS.items()}
_TEXTS = ("label", "method", "failText", "applies", "note", "unit", "min", "max")


@dataclass(frozen=True)
class CellFault:
    """What is wrong in one cell, such as 检查项!K5, and what would be right."""

    address: str
    words: str


@dataclass
class ReadForm:
    """A form as far as it could be read, where each part stands, and what was wrong on the way.

    `places` leads from an item's or section's id to its row's address on 检查项: `("a01", "label")` → `检查项!F7`.
    """

    content: dict[str, Any] = field(default_factory=dict)
    faults: list[CellFault] = field(default_factory=list)
    rows: dict[str, int] = field(default_factory=dict)

    def fault(self, sheet: str, row: int, name: str, words: str) -> None:
        """Note a fault at a field of a row; the first one of a cell tells best."""
        address = f"{sheet}!{letter(sheet, name)}{row}"
        if all(fault.address != address for fault in self.faults):
            self.faults.append(CellFault(address, words))

    def address(self, item: str, name: str) -> str:
        """Where a field of an item stands."""
        columns = {column.field for column in COLUMNS[ITEMS]}
        return f"{ITEMS}!{letter(ITEMS, name if name in columns else 'id')}{self.rows.get(item, 1)}"

    def untyped_cells(self) -> set[str]:
        """The cells of items whose type could not be read: nothing more can be said of them."""
        rows = {
            self.rows[item["id"]]
            for section in self.content["sections"]
            for item in section["items"]
            if not item["type"]
        }
        return {f"{ITEMS}!{letter(ITEMS, column.field)}{row}" for row in rows for column in COLUMNS[ITEMS]}


def read_form(book: Book) -> ReadForm:
    """Read the four sheets; what could not be read is a fault, and the rest is read all the same."""
    read = ReadForm()
    places = {sheet: _headings(book, sheet, read) for sheet in COLUMNS}
    if read.faults:
        return read
    tables = {sheet: _table(book, sheet, places[sheet], read) for sheet in COLUMNS}
    read.content = _form(tables[FORM], read)
    fields = _items(tables[ITEMS], read)
    _choices(tables[CHOICES], fields, read)
    _logic(tables[LOGIC], read)
    return read


def _table(book: Book, sheet: str, places: Mapping[str, int], read: ReadForm) -> list[tuple[int, Row]]:
    found = []
    for number, row in enumerate(book[sheet][1:], start=2):
        cells = {name: row[place] for name, place in places.items() if place < len(row) and row[place]}
        if set(cells) - {"hint", "when"}:
            found.append(
                (number, {name: _known(sheet, name, text, number, read) for name, text in cells.items()})
            )
    return found


def _headings(book: Book, sheet: str, read: ReadForm) -> dict[str, int]:
    if sheet not in book:
        read.faults.append(CellFault(sheet, "缺这张表，请用模板填写"))
        return {}
    row = book[sheet][0] if book[sheet] else ()
    places = {}
    for column in COLUMNS[sheet]:
        if column.heading in row:
            places[column.field] = list(row).index(column.heading)
        else:
            read.fault(sheet, 1, column.field, f"缺“{column.heading}”这一列，请用模板填写")
    return places


def _known(sheet: str, name: str, text: str, number: int, read: ReadForm) -> str:
    """The key of a closed word, or the text itself."""
    column = next(one for one in COLUMNS[sheet] if one.field == name)
    if column.words is None:
        return text
    keys = {words: key for key, words in column.words.items()}
    if text not in keys:
        read.fault(sheet, number, name, f"“{text}”不在选项里，应为{'、'.join(keys)}之一")
    return keys.get(text, "")


def _form(rows: Iterable[tuple[int, Row]], read: ReadForm) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for number, row in rows:
        name, value = row.get("name", ""), row.get("value", "")
        if not name or not value:
            continue
        if name == "bands":
            at_least = _whole(row.get("number", ""), FORM, number, "number", read)
            content.setdefault("bands", []).append({"atLeast": at_least or 0, "label": value})
        elif name.startswith("suits."):
            criterion = name.removeprefix("suits.")
            keys = {words: key for key, words in MATTER_CLASSES.items()}
            known = keys.get(value, value) if criterion == "matterClasses" else value
            content.setdefault("suits", {}).setdefault(criterion, []).append(known)
        elif name == "remarks":
            content.setdefault("remarks", []).append(value)
        elif name in content:
            read.fault(FORM, number, "name", f"“{FORM_ROWS[name]}”写了两次")
        else:
            content[name] = _whole(value, FORM, number, "value", read) if name == "version" else value
    for name in ("key", "version", "title", "agency", "matter"):
        if name not in content:
            read.faults.append(CellFault(f"{FORM}!A1", f"缺“{FORM_ROWS[name]}”"))
    return content


def _items(rows: Iterable[tuple[int, Row]], read: ReadForm) -> dict[tuple[str, str], dict[str, Any]]:
    """Fill the sections; return each field by (table, id), a plain item's table being empty."""
    sections: dict[str, dict[str, Any]] = {}
    fields: dict[tuple[str, str], dict[str, Any]] = {}
    for number, row in rows:
        name, table = row.get("id", ""), row.get("table", "")
        if not name:
            read.fault(ITEMS, number, "id", "还没填编号")
            continue
        _check_id(name, ITEMS, number, "id", read)
        if (table, name) in fields:
            read.fault(ITEMS, number, "id", f"编号 {name} 用了两次")
            continue
        if table:
            owner = fields.get(("", table))
            if owner is None or owner["type"] != "table":
                read.fault(ITEMS, number, "table", f"前面没有编号为 {table} 的表格")
                continue
            made = _field(number, row, read)
            owner.setdefault("columns", []).append(made)
        else:
            made = _item(number, row, read)
            _section(sections, number, row, read).append(made)
            read.rows[name] = number
        fields[table, name] = made
        read.rows.setdefault(f"{table}/{name}", number)
    read.content["sections"] = list(sections.values())
    return fields


def _section(sections: dict[str, dict[str, Any]], number: int, row: Row, read: ReadForm) -> list[Any]:
    name = row.get("section") or next(reversed(sections), "")
    if not name:
        read.fault(ITEMS, number, "section", "还没填分节编号")
    elif name not in sections:
        _check_id(name, ITEMS, number, "section", read)
    if name not in sections:
        sections[name] = {"id": name, "title": row.get("sectionTitle", ""), "items": []}
        read.rows.setdefault(f"section {name}", number)
    elif name != next(reversed(sections)):
        read.fault(ITEMS, number, "section", f"分节 {name} 的检查项要排在一起")
    items: list[Any] = sections[name]["items"]
    return items


def _field(number: int, row: Row, read: ReadForm) -> dict[str, Any]:
    made: dict[str, Any] = {"id": row["id"], "type": row.get("type", ""), "label": row.get("label", "")}
    made["required"] = row.get("required") == "yes"
    made |= {name: row[name] for name in _TEXTS if name in row}
    if "maxLength" in row:
        made["maxLength"] = _whole(row["maxLength"], ITEMS, number, "maxLength", read)
    return made


def _item(number: int, row: Row, read: ReadForm) -> dict[str, Any]:
    made = _field(number, row, read)
    made |= {"photo": row.get("photo", "never"), "relevant": None}
    made |= {name: row[name] for name in ("severity", "prefill") if name in row}
    if made["type"] == "check" or "basis" in row:
        made["verified"] = row.get("verified") == "yes"
        made["basis"] = _basis(number, row.get("basis", ""), made["verified"], read)
    if "points" in row:
        made["points"] = _whole(row["points"], ITEMS, number, "points", read)
    counted = "Rows" if made["type"] == "table" else "Pieces" if made["type"] in FILE_TYPES else ""
    for name, bound in (("fewest", "min"), ("most", "max")):
        if name in row and counted:
            made[bound + counted] = _whole(row[name], ITEMS, number, name, read)
        elif name in row:
            read.fault(ITEMS, number, name, "只有照片、视频、录音、文件和表格填件数或行数")
    if "default" in row:
        made["default"] = row["default"].split("、") if made["type"] == "multi" else row["default"]
    return made


def _basis(number: int, text: str, verified: bool, read: ReadForm) -> list[dict[str, Any]]:
    laws = []
    for part in filter(None, re.split("[；;]", text)):
        found = _LAW.match(part.strip())
        if found is None:
            read.fault(ITEMS, number, "basis", f"“{part.strip()}”应写成《法律名称》第22条，几个之间用分号")
            continue
        law, article, inner, mark = found.groups()
        told: dict[str, Any] = {"law": law}
        if article and not verified:
            read.fault(ITEMS, number, "basis", "核验为待核时不写条号")
        elif article:
            told["article"] = article + (inner or "")
        elif verified and mark:
            told["pending" if mark == "待核" else "unnumbered"] = True
        elif verified:
            read.fault(ITEMS, number, "basis", f"《{law}》缺条号；没有核对的写《{law}》（待核）")
        laws.append(told)
    return laws


def _choices(
    rows: Iterable[tuple[int, Row]], fields: Mapping[tuple[str, str], dict[str, Any]], read: ReadForm
) -> None:
    for number, row in rows:
        owner = fields.get((row.get("table", ""), row.get("id", "")))
        if owner is None:
            read.fault(CHOICES, number, "id", f"检查项表里没有编号 {row.get('id', '（空）')}")
            continue
        if owner["type"] not in ("choice", "multi"):
            read.fault(CHOICES, number, "id", f"{row['id']} 不是单选或多选")
            continue
        for name, words in (("value", "值"), ("label", "选项")):
            if name not in row:
                read.fault(CHOICES, number, name, f"还没填{words}")
        if "value" in row:
            _check_id(row["value"], CHOICES, number, "value", read)
        choice: dict[str, Any] = {"value": row.get("value", ""), "label": row.get("label", "")}
        if "points" in row:
            choice["points"] = _whole(row["points"], CHOICES, number, "points", read)
        owner.setdefault("choices", []).append(choice)


def _logic(rows: Sequence[tuple[int, Row]], read: ReadForm) -> None:
    targets = {section["id"]: section for section in read.content["sections"]}
    items = {item["id"]: item for section in read.content["sections"] for item in section["items"]}
    targets |= items
    gathered: dict[tuple[str, str], list[tuple[int, Row]]] = {}
    for number, row in rows:
        if row.get("target", "") not in targets:
            read.fault(LOGIC, number, "target", f"没有编号为 {row.get('target', '（空）')} 的检查项或分节")
        elif row.get("item", "") not in items:
            read.fault(LOGIC, number, "item", f"没有编号为 {row.get('item', '（空）')} 的检查项")
        elif not row.get("comparison"):
            read.fault(LOGIC, number, "comparison", "还没选怎么比较")
        elif row["comparison"] not in ("answered", "unanswered") and not row.get("value"):
            read.fault(LOGIC, number, "value", "还没填和什么比较")
        else:
            gathered.setdefault((row["target"], row.get("effect", "relevant")), []).append((number, row))
    for (target, effect), told in gathered.items():
        expression = expression_of([_condition(row, items[row["item"]]) for _, row in told])
        read.rows.setdefault(f"{effect} {target}", told[0][0])
        if effect == "relevant":
            targets[target]["relevant"] = expression
            continue
        otherwise = next((row["otherwise"] for _, row in told if "otherwise" in row), "")
        if not otherwise:
            read.fault(LOGIC, told[0][0], "otherwise", "约束要写不满足时的提示")
        targets[target]["constraint"] = {"holds": expression, "otherwise": otherwise}


def _condition(row: Row, item: Mapping[str, Any]) -> ConditionRow:
    value = row.get("value", "")
    if item["type"] == "check":
        value = "、".join(_CHECK_WORDS.get(one, one) for one in value.split("、"))
    elif item["type"] in ("choice", "multi") and not value.startswith("["):
        labels = {choice["label"]: choice["value"] for choice in item.get("choices", ())}
        value = labels.get(value) or "、".join(labels.get(one, one) for one in value.split("、"))
    return ConditionRow(row.get("group", "1"), row["item"], row["comparison"], value)


def _check_id(text: str, sheet: str, number: int, name: str, read: ReadForm) -> None:
    if not _ID.match(text):
        read.fault(sheet, number, name, f"“{text}”写法不对：小写字母开头，只用字母和数字，2 至 40 个")


def _whole(text: str, sheet: str, number: int, name: str, read: ReadForm) -> int | None:
    if _WHOLE.match(text):
        return int(text)
    read.fault(sheet, number, name, f"“{text}”应为整数" if text else "还没填数值")
    return None
