"""RFC 8785 canonical JSON (JCS) over the closed set of values that Yaohao signs and hashes.

Strings, integers, booleans, null, arrays and objects only: floats have more than one
spelling, so a value that holds one is refused (draw.md 1, sync.md "Identifiers").
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

Json = str | int | bool | None | Sequence["Json"] | Mapping[str, "Json"]

_LARGEST_EXACT_INTEGER = 2**53 - 1
_SURROGATE = re.compile("[\ud800-\udfff]")


def canonical(value: Any) -> bytes:
    """Return the one UTF-8 spelling of `value`. Raises ValueError on floats, foreign types, unsafe integers and what is nested too deep."""
    try:
        if is_plain(value):
            return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        return _spell(value).encode("utf-8")
    except (orjson.JSONEncodeError, RecursionError) as fault:
        raise ValueError("nested too deep") from fault


def digest(value: Any) -> str:
    """SHA-256 of the canonical spelling, in lower-case hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def is_plain(value: Any) -> bool:
    """Whether the fast writer spells `value` the canonical way: ASCII names sort alike by bytes and by UTF-16."""
    kind = type(value)
    if kind is dict:
        for name, item in value.items():
            if type(name) is not str or not name.isascii():
                return False
            # What most members are needs no call.
            inner = type(item)
            if (inner is str and item.isascii()) or item is None:
                continue
            if inner is int and -_LARGEST_EXACT_INTEGER <= item <= _LARGEST_EXACT_INTEGER:
                continue
            if not is_plain(item):
                return False
        return True
    if kind is str:
        return bool(value.isascii()) or not _SURROGATE.search(value)
    if kind is int:
        return bool(-_LARGEST_EXACT_INTEGER <= value <= _LARGEST_EXACT_INTEGER)
    if kind is list:
        return all(map(is_plain, value))
    return value is None or kind is bool


def _spell(value: Any) -> str:
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        if abs(value) > _LARGEST_EXACT_INTEGER:
            raise ValueError(f"integer {value} has no exact spelling in every JSON reader")
        return str(value)
    if isinstance(value, Mapping):
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return "{" + ",".join(f"{_spell(name)}:{_spell(item)}" for name, item in members) + "}"
    if isinstance(value, Sequence):
        return "[" + ",".join(map(_spell, value)) + "]"
    raise ValueError(f"{type(value).__name__} is not a canonical JSON value")
