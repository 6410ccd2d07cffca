"""The envelope of an op: exactly its twelve members, each of its kind. Pure, and quick: a push brings up to 200 of them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LARGEST = 2**53 - 1


def _is_uuid(value: Any) -> bool:
    return type(value) is str and _UUID.fullmatch(value) is not None


def _is_sha256(value: Any) -> bool:
    return type(value) is str and _SHA256.fullmatch(value) is not None


def _is_sha256_or_none(value: Any) -> bool:
    return value is None or _is_sha256(value)


def _is_whole(value: Any) -> bool:
    return type(value) is int


def _is_counted(value: Any) -> bool:
    return type(value) is int and 1 <= value <= _LARGEST


def _is_rev(value: Any) -> bool:
    return type(value) is int and 0 <= value <= _LARGEST


def _is_text(most: int) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        return type(value) is str and len(value) <= most and "\0" not in value

    return check


def _is_moment(value: Any) -> bool:
    """`at`: the phone's wall clock and monotonic milliseconds, and the server time it last heard. Recorded, never obeyed."""
    return (
        type(value) is dict
        and value.keys() == _MOMENT
        and type(value["wall"]) is int
        and type(value["monoMs"]) is int
        and (value["lastServerTime"] is None or type(value["lastServerTime"]) is int)
    )


_MOMENT = {"wall", "monoMs", "lastServerTime"}
_MEMBERS: Mapping[str, Callable[[Any], bool]] = {
    "id": _is_uuid,
    "deviceId": _is_uuid,
    "seq": _is_counted,
    "userId": _is_whole,
    "visitId": _is_text(64),
    "formSha": _is_sha256_or_none,
    "kind": _is_text(40),
    "path": _is_text(300),
    "baseRev": _is_rev,
    "at": _is_moment,
    "prev": _is_sha256,
}


def envelope_fault(op: Any) -> str | None:
    """The member that is missing, foreign or of the wrong kind; None for an envelope that holds."""
    if type(op) is not dict:
        return "an op is an object"
    if "value" not in op or len(op) != len(_MEMBERS) + 1:
        return "an op has exactly twelve members"
    for name, holds in _MEMBERS.items():
        if name not in op or not holds(op[name]):
            return name
    return None
