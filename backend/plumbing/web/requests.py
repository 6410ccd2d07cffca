"""Reading what a request brings, with the catalogue's refusal when it does not fit."""

from typing import Any

from marshmallow import Schema, ValidationError

from backend.core.errors import INVALID_INPUT, Refusal


def validated(schema: Schema, payload: object) -> dict[str, Any]:
    """`payload` as `schema` reads it; refused with every field that is wrong."""
    try:
        loaded: dict[str, Any] = schema.load(payload if isinstance(payload, dict) else {})
    except ValidationError as error:
        raise Refusal(INVALID_INPUT, detail=_spell(error.messages)) from error
    return loaded


def _spell(messages: Any, path: str = "") -> str:
    if isinstance(messages, dict):
        return "；".join(
            _spell(inner, f"{path}.{name}" if path else str(name)) for name, inner in messages.items()
        )
    return f"{path}: {'、'.join(str(message) for message in messages)}"
