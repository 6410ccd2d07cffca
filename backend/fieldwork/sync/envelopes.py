"""The envelope of an op: exactly its twelve members, each of its kind. Pure, and quick: a push brings up to 200 of them."""

import re
from collections.abc import Mapping
from operator import itemgetter
from typing import Any

import orjson

from backend.core.canonical_json import canonical, is_plain

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LARGEST = 2**53 - 1
_LONGEST_CHAIN = 2**31 - 1


_MEMBERS = (
    "id",
    "deviceId",
    "seq",
    "userId",
    "visitId",
    "formSha",
    "kind",
    "path",
    "value",
    "baseRev",
    "at",
    "prev",
)
_MOMENT = ("wall", "monoMs", "lastServerTime")
_told, _moment_told = itemgetter(*_MEMBERS), itemgetter(*_MOMENT)


def is_id(value: Any) -> bool:
    """Whether an op, a device or a visit could be called so."""
    return type(value) is str and _UUID.fullmatch(value) is not None


def envelope_fault(op: Any) -> str | None:
    """The member that is missing, foreign or of the wrong kind; None for an envelope that holds."""
    if type(op) is not dict:
        return "an op is an object"
    if len(op) != len(_MEMBERS):
        return "an op has exactly twelve members"
    try:
        id, device_id, seq, user_id, visit_id, form_sha, kind, path, _, base_rev, at, prev = _told(op)
    except KeyError as missing:
        return str(missing.args[0])
    if not (type(id) is str and _UUID.fullmatch(id)):
        return "id"
    if not (type(device_id) is str and _UUID.fullmatch(device_id)):
        return "deviceId"
    if not (type(seq) is int and 1 <= seq <= _LONGEST_CHAIN):
        return "seq"
    if not (type(user_id) is int and -_LARGEST <= user_id <= _LARGEST):
        return "userId"
    if not (form_sha is None or (type(form_sha) is str and _SHA256.fullmatch(form_sha))):
        return "formSha"
    for name, text, most in (("visitId", visit_id, 64), ("kind", kind, 40), ("path", path, 300)):
        if not (type(text) is str and len(text) <= most and "\0" not in text):
            return name
    if not (type(base_rev) is int and 0 <= base_rev <= _LARGEST):
        return "baseRev"
    if not (type(prev) is str and _SHA256.fullmatch(prev)):
        return "prev"
    return None if _is_moment(at) else "at"


def spelled(op: Mapping[str, Any]) -> bytes:
    """The canonical spelling of an op whose envelope holds. Raises ValueError for a value that has none.

    The members of the envelope have plain names and are of kinds that any sorting writer spells in the canonical way,
    so that only the value is looked at.
    """
    try:
        return orjson.dumps(op, option=orjson.OPT_SORT_KEYS) if is_plain(op["value"]) else canonical(op)
    except (orjson.JSONEncodeError, RecursionError) as fault:
        raise ValueError("nested too deep") from fault


def _is_moment(at: Any) -> bool:
    """`at`: the phone's wall clock and monotonic milliseconds, and the server time it last heard. Recorded, never obeyed."""
    if type(at) is not dict or len(at) != len(_MOMENT):
        return False
    try:
        wall, mono, heard = _moment_told(at)
    except KeyError:
        return False
    return _is_whole(wall) and _is_whole(mono) and (heard is None or _is_whole(heard))


def _is_whole(value: Any) -> bool:
    return type(value) is int and -_LARGEST <= value <= _LARGEST
