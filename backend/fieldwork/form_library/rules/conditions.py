"""Conditions as rows 当 [项] [比较] [值]: rows of one group hold together, of several groups one must."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Expression = Mapping[str, Any]


class NotExpressible(Exception):
    """The template has no way to write this down."""


@dataclass(frozen=True)
class ConditionRow:
    """One row: which group it belongs to, the item, the comparison's key, and the value as written."""

    group: str
    item: str
    comparison: str
    value: str


def rows_of(expression: Expression) -> list[ConditionRow]:
    """An expression as rows. Raises NotExpressible for what is deeper than or-of-ands, or cannot be written in a cell."""
    groups = expression.get("or", [expression])
    if "or" in expression and len(groups) < 2:
        raise NotExpressible
    return [row for number, group in enumerate(groups, 1) for row in _group(group, str(number))]


def expression_of(rows: Sequence[ConditionRow]) -> Expression:
    """Rows as an expression; one row alone stands without and, one group alone without or."""
    groups: dict[str, list[Expression]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(_leaf(row))
    joined: list[Expression] = [
        leaves[0] if len(leaves) == 1 else {"and": leaves} for leaves in groups.values()
    ]
    return joined[0] if len(joined) == 1 else {"or": joined}


def _group(expression: Expression, group: str) -> list[ConditionRow]:
    leaves = expression.get("and", [expression])
    if "and" in expression and len(leaves) < 2:
        raise NotExpressible
    return [_row(leaf, group) for leaf in leaves]


def _row(leaf: Expression, group: str) -> ConditionRow:
    ((operator, operand),) = leaf.items()
    if operator == "answered":
        return ConditionRow(group, operand, "answered", "")
    if operator == "not" and "answered" in operand:
        return ConditionRow(group, operand["answered"], "unanswered", "")
    if operator in ("and", "or", "not"):
        raise NotExpressible
    item, other = operand
    if isinstance(other, Mapping):
        return ConditionRow(group, item, operator, f"[{other['item']}]")
    if operator == "in" and any("、" in one or one != one.strip() for one in other):
        raise NotExpressible
    written = "、".join(other) if operator == "in" else other
    if written.startswith("[") or written != written.strip() or not written:
        raise NotExpressible
    return ConditionRow(group, item, operator, written)


def _leaf(row: ConditionRow) -> Expression:
    if row.comparison == "answered":
        return {"answered": row.item}
    if row.comparison == "unanswered":
        return {"not": {"answered": row.item}}
    if row.value.startswith("[") and row.value.endswith("]"):
        return {row.comparison: [row.item, {"item": row.value[1:-1]}]}
    value: Any = row.value.split("、") if row.comparison == "in" else row.value
    return {row.comparison: [row.item, value]}
