"""The form engine: which items count, what is answered, what is missing. Pure; held to forms/cases with its TypeScript twin.

A form is its canonical JSON (forms/schema.json says what each part means); answers are `{item id: value}`, photos
`{item id: how many}`. Nothing is evaluated as code: an expression is a tree of seven known operators.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

Content = Mapping[str, Any]
Item = Mapping[str, Any]

_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,19})(\.[0-9]{1,10})?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_RESULTS = ("pass", "fail", "na")
LONGEST_TEXT = 4000


@dataclass(frozen=True)
class Assessment:
    """What one checklist amounts to so far; every list is in form order."""

    relevant: tuple[str, ...]
    missing: tuple[str, ...]
    missing_photos: tuple[str, ...]
    missing_problems: tuple[str, ...]
    invalid: Mapping[str, str]
    answered: int

    @property
    def total(self) -> int:
        return len(self.relevant)

    @property
    def complete(self) -> bool:
        return not (self.missing or self.missing_photos or self.missing_problems or self.invalid)


def items_of(form: Content) -> Iterator[Item]:
    """Every item in form order."""
    for section in form["sections"]:
        yield from section["items"]


def assess(form: Content, answers: Mapping[str, Any], photos: Mapping[str, int]) -> Assessment:
    """Go through the form once, in order, and say what is relevant, answered, missing and invalid."""
    known: dict[str, tuple[Item, Any]] = {}
    relevant, missing, missing_photos, missing_problems = [], [], [], []
    invalid: dict[str, str] = {}
    for item in items_of(form):
        if not holds(item["relevant"], known):
            continue
        name, value = item["id"], answers.get(item["id"])
        relevant.append(name)
        if is_blank(value):
            if item["required"]:
                missing.append(name)
        elif reason := why_invalid(item, value):
            invalid[name] = reason
        else:
            known[name] = (item, value)
            if _lacks_problem(item, value):
                missing_problems.append(name)
        if _asks_for_photo(item, known.get(name)) and not photos.get(name):
            missing_photos.append(name)
    return Assessment(
        tuple(relevant), tuple(missing), tuple(missing_photos), tuple(missing_problems), invalid, len(known)
    )


def holds(expression: Mapping[str, Any] | None, known: Mapping[str, tuple[Item, Any]]) -> bool:
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
    name, literal = operand
    if name not in known:
        return False
    item, value = known[name]
    match operator:
        case "eq":
            return _equal(item, value, literal)
        case "lt":
            return _less(item, value, literal)
        case "in":
            return _among(item, value, literal)
    raise ValueError(f"unknown operator {operator}")


def is_blank(value: Any) -> bool:
    """null, a blank text and an empty choice are no answers."""
    return value is None or value == [] or (isinstance(value, str) and not value.strip())


def why_invalid(item: Item, value: Any) -> str | None:
    """The reason code when `value` cannot be an answer to `item`, else None. Blank values are not judged here."""
    match item["type"]:
        case "check":
            return None if _is_check(value) else "not-a-check"
        case "text":
            return _why_bad_text(item, value)
        case "number":
            return _why_bad_number(item, value)
        case "choice":
            return None if isinstance(value, str) and value in _values(item) else "not-a-choice"
        case "multi":
            return None if _is_multi(item, value) else "not-a-choice"
        case "date":
            return None if isinstance(value, str) and _is_date(value) else "not-a-date"
    raise ValueError(f"unknown item type {item['type']}")


def _is_check(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and value.get("result") in _RESULTS
        and set(value) <= {"result", "problem", "disposal"}
        and all(_is_short_text_or_null(value.get(name)) for name in ("problem", "disposal"))
    )


def _is_short_text_or_null(value: Any) -> bool:
    return value is None or (isinstance(value, str) and len(value) <= LONGEST_TEXT)


def _why_bad_text(item: Item, value: Any) -> str | None:
    if not isinstance(value, str):
        return "not-text"
    return "too-long" if len(value) > item.get("maxLength", LONGEST_TEXT) else None


def _why_bad_number(item: Item, value: Any) -> str | None:
    if not isinstance(value, str) or not _DECIMAL.match(value):
        return "not-a-decimal"
    if "min" in item and Decimal(value) < Decimal(item["min"]):
        return "below-minimum"
    if "max" in item and Decimal(value) > Decimal(item["max"]):
        return "above-maximum"
    return None


def _is_multi(item: Item, value: Any) -> bool:
    return (
        isinstance(value, Sequence)
        and not isinstance(value, str)
        and all(isinstance(one, str) and one in _values(item) for one in value)
        and len(set(value)) == len(value)
    )


def _is_date(value: str) -> bool:
    if not _DATE.match(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _values(item: Item) -> list[str]:
    return [choice["value"] for choice in item["choices"]]


def _lacks_problem(item: Item, value: Any) -> bool:
    return item["type"] == "check" and value["result"] == "fail" and is_blank(value.get("problem"))


def _asks_for_photo(item: Item, answered: tuple[Item, Any] | None) -> bool:
    result = answered[1]["result"] if answered and item["type"] == "check" else None
    if item["photo"] == "always":
        return result != "na"
    return item["photo"] == "on-fail" and result == "fail"


def _equal(item: Item, value: Any, literal: str) -> bool:
    match item["type"]:
        case "check":
            return bool(value["result"] == literal)
        case "number":
            return Decimal(value) == Decimal(literal)
        case "multi":
            return False
    return bool(value == literal)


def _less(item: Item, value: Any, literal: str) -> bool:
    match item["type"]:
        case "number":
            return Decimal(value) < Decimal(literal)
        case "date":
            return date.fromisoformat(value) < date.fromisoformat(literal)
    return False


def _among(item: Item, value: Any, literals: Sequence[str]) -> bool:
    if item["type"] == "multi":
        return any(one in literals for one in value)
    return any(_equal(item, value, literal) for literal in literals)
