"""What a person wrote for a rule, read as the shape the rule has."""

from typing import Any

from backend.core.errors import OVERRIDE_WRONG, Refusal
from backend.foundation.rule_profiles.profile_files import Key

_FLAGS = {"是": True, "否": False}
_MOST = 10_000


def value_from(key: Key, written: str) -> Any:
    """The value of `written`: 是 or 否, a whole number, stored words or texts one per line; empty leaves it open."""
    if key.fixed:
        raise Refusal(OVERRIDE_WRONG, detail=f"“{key.label}”由法律规定，不能自定")
    lines = list(dict.fromkeys(line.strip() for line in written.splitlines() if line.strip()))
    if key.shape == "flag":
        return _flag(key, written.strip())
    if key.shape in ("count", "workdays"):
        return _count(key, written.strip())
    if key.shape == "word":
        return _word(key, written.strip()) if written.strip() else None
    if key.shape == "words":
        return [_word(key, line) for line in lines]
    if key.shape == "counts":
        return [_count(key, line) for line in lines]
    return lines if key.shape == "texts" else (written.strip() or None)


def _flag(key: Key, written: str) -> bool:
    if written not in _FLAGS:
        raise Refusal(OVERRIDE_WRONG, detail=f"“{key.label}”要选“是”或“否”")
    return _FLAGS[written]


def _count(key: Key, written: str) -> int | None:
    if not written:
        return None
    if not (written.isascii() and written.isdigit()) or not key.least <= int(written) <= _MOST:
        raise Refusal(OVERRIDE_WRONG, detail=f"“{key.label}”要写 {key.least} 到 {_MOST} 的整数")
    return int(written)


def _word(key: Key, written: str) -> str:
    if written not in key.words:
        raise Refusal(OVERRIDE_WRONG, detail=f"“{key.label}”没有这个选项")
    return written
