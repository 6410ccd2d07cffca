"""A condition as a person reads it: 用能类别 等于 重点用能单位，且 …."""

from collections.abc import Mapping
from typing import Any

from backend.fieldwork.checklists.rules import items_of
from backend.fieldwork.checklists.wording import RESULTS
from backend.fieldwork.form_library.rules.layout import COMPARISONS

Content = Mapping[str, Any]


def condition_words(expression: Content, form: Content) -> str:
    """An expression in words, items by their labels and choices by theirs."""
    return _words(expression, {item["id"]: item for item in items_of(form)})


def _words(expression: Content, items: Mapping[str, Content]) -> str:
    ((operator, operand),) = expression.items()
    if operator in ("and", "or"):
        parts = [_words(part, items) for part in operand]
        return ("，且" if operator == "and" else "；或").join(parts)
    if operator == "not":
        return f"没有（{_words(operand, items)}）"
    if operator == "answered":
        return f"“{_label(items, operand)}”已填"
    name, other = operand
    if isinstance(other, Mapping):
        value = f"“{_label(items, other['item'])}”"
    else:
        value = "、".join(
            _value(items.get(name, {}), one) for one in (other if operator == "in" else [other])
        )
    return f"“{_label(items, name)}”{COMPARISONS[operator]} {value}"


def _label(items: Mapping[str, Content], name: str) -> str:
    return str(items[name]["label"]) if name in items else name


def _value(item: Content, value: str) -> str:
    if item.get("type") == "check":
        return RESULTS.get(value, value)
    return next((choice["label"] for choice in item.get("choices", ()) if choice["value"] == value), value)
