"""What a phone may send: the value of each kind of op, the push, the announcement of a file."""

from collections.abc import Collection, Mapping
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from backend.fieldwork.sync.rules import Kind

SHA256 = validate.Regexp(r"[0-9a-f]{64}\Z")
UUID = validate.Regexp(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
_IMAGE = [
    validate.Regexp(r"data:image/svg\+xml;base64,[A-Za-z0-9+/]+=*\Z"),
    validate.Length(max=200_000),
]
_NO_NUL = validate.ContainsNoneOf("\0")


class _Closed(Schema):
    class Meta:
        unknown = RAISE


def _whole(**more: Any) -> fields.Integer:
    return fields.Integer(strict=True, required=True, **more)


def _text(length: int, **more: Any) -> fields.String:
    return fields.String(required=True, validate=[validate.Length(max=length), _NO_NUL], **more)


def _at_least_one(ops: Any) -> None:
    if not isinstance(ops, list) or not ops:
        raise ValidationError("a list of at least one op")


class HeadSchema(_Closed):
    """The push's last op and the device's signature over its hash."""

    seq = _whole()
    hash = fields.String(required=True, validate=SHA256)
    sig = _text(200)


class PushSchema(_Closed):
    """`{deviceId, ops, head}`; the ops stay as they came, since their hash is over what came."""

    deviceId = fields.String(required=True, validate=UUID)
    ops = fields.Raw(required=True, validate=_at_least_one)
    head = fields.Nested(HeadSchema, required=True)


class DeviceSchema(_Closed):
    """`{deviceId, publicJwk, userId}`; `userId` is whose database it is, which need not be whose session it is."""

    deviceId = fields.String(required=True, validate=UUID)
    publicJwk = fields.Dict(required=True)
    userId = fields.Integer(strict=True, load_default=None)


class CaptureSchema(_Closed):
    """When and where a file was captured; a place that the phone did not get is null."""

    at = _whole()
    lat7 = _whole(allow_none=True)
    lon7 = _whole(allow_none=True)
    accuracyCm = _whole(allow_none=True)
    item = _text(300, allow_none=True)


class AnnounceSchema(_Closed):
    """What the phone says of a file before sending it."""

    visitId = _text(64)
    size = _whole(validate=validate.Range(min=1))
    mime = fields.String(required=True, validate=validate.Regexp(r"[a-z]+/[a-z0-9.+-]{1,60}\Z"))
    capture = fields.Nested(CaptureSchema, required=True)
    sig = _text(200)


class ReceiptQuerySchema(_Closed):
    """Which ops and files the phone asks about."""

    opIds = fields.List(fields.String(validate=UUID), required=True, validate=validate.Length(max=500))
    shas = fields.List(fields.String(validate=SHA256), required=True, validate=validate.Length(max=500))


class _AddEvidence(_Closed):
    sha = fields.String(required=True, validate=SHA256)
    mime = _text(80)
    size = _whole(validate=validate.Range(min=1))
    item = _text(300, allow_none=True)
    role = fields.String(required=True, validate=validate.OneOf(("photo", "stamp", "signed_sheet")))
    caption = _text(500, allow_none=True)
    at = _whole()
    lat7 = _whole(allow_none=True)
    lon7 = _whole(allow_none=True)
    accuracyCm = _whole(allow_none=True)


class _VoidEvidence(_Closed):
    sha = fields.String(required=True, validate=SHA256)
    reason = fields.String(required=True, validate=validate.Length(1, 500))


class _Location(_Closed):
    lat7 = _whole()
    lon7 = _whole()
    accuracyCm = _whole(allow_none=True)
    at = _whole()


class _Sign(_Closed):
    role = fields.String(required=True, validate=validate.OneOf(("inspector", "party", "witness")))
    name = fields.String(required=True, validate=validate.Length(1, 100))
    userId = _whole(allow_none=True)
    digest = fields.String(required=True, validate=SHA256)
    image = fields.String(required=True, validate=_IMAGE)
    strokes = _whole(validate=validate.Range(1, 100_000))


class _Witness(_Closed):
    name = fields.String(required=True, validate=validate.Length(1, 100))
    contact = _text(100, allow_none=True)


class _Refuse(_Closed):
    reason = fields.String(required=True, validate=validate.Length(1, 200))
    statement = fields.String(required=True, validate=validate.Length(1, 4000))
    witness = fields.Nested(_Witness, required=True, allow_none=True)
    digest = fields.String(required=True, validate=SHA256)


class _Submit(_Closed):
    digest = fields.String(required=True, validate=SHA256)


class _Hand(_Closed):
    image = fields.String(required=True, validate=_IMAGE)
    strokes = _whole(validate=validate.Range(1, 100_000))


class _Returned(_Closed):
    path = _text(300)
    reason = _text(1000)


class _Review(_Closed):
    decision = fields.String(required=True, validate=validate.OneOf(("approve", "return")))
    digest = fields.String(required=True, validate=SHA256)
    items = fields.List(fields.Nested(_Returned), required=True, validate=validate.Length(max=500))
    signature = fields.Nested(_Hand, load_default=None, allow_none=True)


class _Resolve(_Closed):
    path = _text(300)
    keep = fields.String(required=True, allow_none=True)


_VALUES: Mapping[str, Schema] = {
    Kind.ADD_EVIDENCE: _AddEvidence(),
    Kind.VOID_EVIDENCE: _VoidEvidence(),
    Kind.LOCATION: _Location(),
    Kind.SIGN: _Sign(),
    Kind.REFUSE: _Refuse(),
    Kind.SUBMIT: _Submit(),
    Kind.CLOSE: _Submit(),
    Kind.REVIEW: _Review(),
    Kind.RESOLVE: _Resolve(),
}


_NESTING = frozenset((Kind.ANSWER, Kind.NOTE))
_DEEPEST = 20
"""More than any form nests; a value at the writer's own limit could not be part of a document."""


def _is_deeper_than(levels: int, value: Any) -> bool:
    if type(value) is dict:
        parts: Collection[Any] = value.values()
    elif type(value) is list:
        parts = value
    else:
        return False
    if levels == 0:
        return True
    for part in parts:
        # What most parts are needs no call.
        if (type(part) is dict or type(part) is list) and _is_deeper_than(levels - 1, part):
            return True
    return False


def value_fault(kind: str, value: Any) -> str | None:
    """What is wrong with an op's kind or value, or None. An answer's value is judged by its form, not here."""
    if kind in _NESTING:
        if _is_deeper_than(_DEEPEST, value):
            return "nested too deep"
        if kind == Kind.ANSWER:
            return None
        return None if value is None or isinstance(value, dict) else "a note is an object or null"
    if kind not in _VALUES:
        return f"unknown kind {kind}"
    if not isinstance(value, dict):
        return "the value is no object"
    try:
        _VALUES[kind].load(value)
    except ValidationError as fault:
        return str(fault.messages)
    return None
