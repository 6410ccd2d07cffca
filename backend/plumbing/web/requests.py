"""Reading what a request brings, with the catalogue's refusal when it does not fit."""

from typing import Any

from flask import request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from backend.core.errors import INVALID_INPUT, Refusal


def validated(schema: Schema, payload: object) -> dict[str, Any]:
    """`payload` as `schema` reads it; refused with every field that is wrong."""
    try:
        loaded: dict[str, Any] = schema.load(payload if isinstance(payload, dict) else {})
    except ValidationError as error:
        raise Refusal(INVALID_INPUT, detail=_spell(error.messages)) from error
    return loaded


def read_at_most(most: int, otherwise: Refusal) -> bytes:
    """The body of this request; refused with `otherwise` once it passes `most` bytes, announced or in chunks."""
    announced = request.content_length
    if not announced:
        return _read_in_chunks(most, otherwise)
    if announced > most:
        raise otherwise
    # In one piece as the server has it; the framework's own reading would put it together from many.
    body: bytes = request.environ["wsgi.input"].read(announced)
    if len(body) < announced:
        raise ClientDisconnected
    return body


def read_what_comes(most: int, otherwise: Refusal) -> bytes:
    """The same for a body of which every beginning is of use: as much as came before the line broke."""
    announced = request.content_length
    if not announced or announced > most:
        return read_at_most(most, otherwise)
    body: bytes = request.environ["wsgi.input"].read(announced)
    if not body:
        raise ClientDisconnected
    return body


def _read_in_chunks(most: int, otherwise: Refusal) -> bytes:
    # A body in chunks is cut at the limit without a word: one byte more shows whether it went on.
    request.max_content_length = most + 1
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge as too_large:
        raise otherwise from too_large
    if len(body) > most:
        raise otherwise
    return body


def _spell(messages: Any, path: str = "") -> str:
    if isinstance(messages, dict):
        return "；".join(
            _spell(inner, f"{path}.{name}" if path else str(name)) for name, inner in messages.items()
        )
    return f"{path}: {'、'.join(str(message) for message in messages)}"
