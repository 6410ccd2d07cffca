"""Conditions over the answers given so far. Nothing is evaluated as code: a tree of eleven known operators.

Pure; its twin is pwa/src/engine/expressions.ts.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from backend.fieldwork.checklists.values import Item

Known = Mapping[str, tuple[Item, Any]]
Expression = Mapping[str, Any]

ORDERS = ("lt", "le", "gt", "ge")


def holds(expression: Expression | None, known: Known) -> bool:
    """Whether an expression holds over the items answered so far; None always holds."""
    if expression is None:
        return True
    ((operator, operand),) = expression.items()
    match operator:
        case "and":
            return all(holds(part, known) for part in operand)
        case "or":
            return any(holds(part, known) for part in operand)
        case "not":
            return not holds(operand, known)
        case "answered":
            return operand in known
    return _compares(operator, operand, known)


def named_in(expression: Expression) -> Iterator[str]:
    """Every item that an expression names."""
    ((operator, operand),) = expression.items()
    if operator in ("and", "or"):
        for part in operand:
            yield from named_in(part)
    elif operator == "not":
        yield from named_in(operand)
    elif operator == "answered":
        yield operand
    else:
        yield operand[0]
        if isinstance(operand[1], Mapping):
            yield operand[1]["item"]


def _compares(operator: str, operand: Sequence[Any], known: Known) -> bool:
    name, other = operand
    if isinstance(other, Mapping):
        other = known[other["item"]][1] if other["item"] in known else None
    if name not in known or other is None:
        return False
    item, value = known[name]
    match operator:
        case "eq":
            return _equal(item, value, other)
        case "ne":
            return not _equal(item, value, other)
        case "in":
            return _among(item, value, other)
    return _in_order(operator, item, value, other)


def _equal(item: Item, value: Any, literal: str) -> bool:
    match item["type"]:
        case "check":
            return bool(value["result"] == literal)
        case "number":
            return Decimal(value) == Decimal(literal)
        case "multi":
            return False
    return bool(value == literal)


def _in_order(operator: str, item: Item, value: Any, literal: str) -> bool:
    match item["type"]:
        case "number":
            left, right = Decimal(value), Decimal(literal)
            less, same = left < right, left == right
        case "date":
            less, same = date.fromisoformat(value) < date.fromisoformat(literal), value == literal
        case _:
            return False
    return {"lt": less, "le": less or same, "gt": not (less or same), "ge": not less}[operator]


def _among(item: Item, value: Any, literals: Sequence[str]) -> bool:
    if item["type"] == "multi":
        return any(one in literals for one in value)
    return any(_equal(item, value, literal) for literal in literals)
