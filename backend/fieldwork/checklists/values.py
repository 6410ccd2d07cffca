"""What can be an answer to an item, type by type. Pure; its twin is pwa/src/engine/values.ts."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

Item = Mapping[str, Any]

FILE_TYPES = {"photos": "image/", "video": "video/", "audio": "audio/", "file": ""}
"""Item types whose answer is evidence, and what the MIME type of such a piece begins with."""

LONGEST_TEXT = 4000
_LONGEST_NAME = 100
_LARGEST_IMAGE = 200_000
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,19})(\.[0-9]{1,10})?\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
_IMAGE = re.compile(r"data:image/svg\+xml;base64,[A-Za-z0-9+/]+=*\Z")
# Unicode White_Space, as JavaScript has it; str.isspace would add four control characters.
_WHITE = re.compile(r"[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*\Z")
_RESULTS = ("pass", "fail", "na")
_PLACE = {"lat7": 900_000_000, "lon7": 1_800_000_000}


def is_blank(value: Any) -> bool:
    """null, a blank text and an empty choice are no answers."""
    return value is None or value == [] or (isinstance(value, str) and _WHITE.match(value) is not None)


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
        case "location":
            return None if _is_location(value) else "not-a-location"
        case "signature":
            return None if _is_signature(value) else "not-a-signature"
        case "table":
            return "kept-as-rows"
    return "kept-as-files"


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


def _is_location(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and set(value) == {"lat7", "lon7", "accuracyCm", "at"}
        and all(_is_whole(value[name]) and abs(value[name]) <= most for name, most in _PLACE.items())
        and (value["accuracyCm"] is None or (_is_whole(value["accuracyCm"]) and value["accuracyCm"] >= 0))
        and _is_whole(value["at"])
    )


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53


def _is_signature(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and set(value) == {"name", "image"}
        and all(isinstance(part, str) for part in value.values())
        and not is_blank(value["name"])
        and len(value["name"]) <= _LONGEST_NAME
        and len(value["image"]) <= _LARGEST_IMAGE
        and _IMAGE.match(value["image"]) is not None
    )


def _values(item: Item) -> list[str]:
    return [choice["value"] for choice in item["choices"]]
