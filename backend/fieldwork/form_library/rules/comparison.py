"""What changed between two versions of a form, item by item."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backend.fieldwork.checklists.wording import SEVERITIES, TYPES, basis_words

Content = Mapping[str, Any]

PART_WORDS = {
    "type": "类型",
    "label": "检查内容",
    "required": "必填",
    "photo": "照片",
    "basis": "依据",
    "verified": "核验",
    "method": "怎么查",
    "failText": "不合格表述",
    "severity": "级别",
    "points": "分值",
    "applies": "适用",
    "note": "备注",
    "unit": "单位",
    "min": "最小值",
    "max": "最大值",
    "maxLength": "最长字数",
    "choices": "选项",
    "constraint": "约束",
    "default": "默认",
    "prefill": "名录带出",
    "minPieces": "最少件",
    "maxPieces": "最多件",
    "columns": "列",
    "minRows": "最少行",
    "maxRows": "最多行",
    "relevant": "出现条件",
    "section": "分节",
    "title": "标题",
    "matter": "检查事项",
    "agency": "规则",
    "heading": "抬头",
    "remarks": "使用说明",
    "suits": "自动选用",
    "bands": "评分档次",
}


@dataclass(frozen=True)
class PartChange:
    """One part of an item, before and after, in words."""

    part: str
    before: str
    after: str


@dataclass(frozen=True)
class ItemChange:
    """`kind`: added, removed, changed or moved."""

    kind: str
    label: str
    parts: tuple[PartChange, ...] = ()


def changes_between(before: Content, after: Content, say: Any) -> list[ItemChange]:
    """Every difference, the form as a whole first, then in the order of the later version. `say(expression, form)` words a condition."""
    return [*_of_form(before, after), *_of_items(before, after, say)]


def _of_form(before: Content, after: Content) -> Iterator[ItemChange]:
    parts = ("title", "matter", "agency", "heading", "remarks", "suits", "bands")
    found = tuple(
        PartChange(PART_WORDS[part], _plain(before.get(part)), _plain(after.get(part)))
        for part in parts
        if before.get(part) != after.get(part)
    )
    if found:
        yield ItemChange("changed", "表单", found)


def _of_items(before: Content, after: Content, say: Any) -> Iterator[ItemChange]:
    old, new = _placed(before), _placed(after)
    for name, item in new.items():
        if name not in old:
            yield ItemChange("added", item["label"])
            continue
        parts = tuple(
            PartChange(
                PART_WORDS.get(part, part),
                _said(part, old[name], before, say),
                _said(part, item, after, say),
            )
            for part in dict.fromkeys((*old[name], *item))
            if part != "id" and old[name].get(part) != item.get(part)
        )
        if parts:
            yield ItemChange("changed", item["label"], parts)
    for name, item in old.items():
        if name not in new:
            yield ItemChange("removed", item["label"])
    kept_before, kept_after = [n for n in old if n in new], [n for n in new if n in old]
    if kept_before != kept_after:
        yield ItemChange("moved", "检查项的先后次序")


def _placed(form: Content) -> dict[str, dict[str, Any]]:
    return {
        item["id"]: {**item, "section": section["title"], "sectionRelevant": section.get("relevant")}
        for section in form["sections"]
        for item in section["items"]
    }


def _said(part: str, item: Content, form: Content, say: Any) -> str:
    value = item.get(part)
    if part in ("relevant", "sectionRelevant"):
        return str(say(value, form)) if value else "总是"
    if part == "constraint" and value:
        return f"{say(value['holds'], form)}，否则提示“{value['otherwise']}”"
    if part == "basis":
        return basis_words(item)
    return {"type": TYPES, "severity": SEVERITIES}.get(part, {}).get(str(value), _plain(value))


def _plain(value: Any) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return str(value.get("label") or "；".join(_plain(one) for one in value.values()))
    if isinstance(value, list):
        return "、".join(_plain(one) for one in value)
    return str(value)
