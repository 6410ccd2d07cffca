"""`dossier.json`: the dossier's content for machines, the PDF's source and its twin in the package.

The file holds `{"schema", "fingerprint", "content", "layout"}`. `fingerprint` is the SHA-256 of the canonical
`content` and stands on the printed cover; `layout` says on which pages each document was printed. Its JSON Schema
is derived from the content's types (`content_schema`) and kept in the repository as `dossier-1.schema.json`. A change of the
types is a new version (`core.formats`) with a schema file of its own; packages of every released one stay verifiable.
"""

import json
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

from backend.core.canonical_json import canonical, digest
from backend.core.formats import DOSSIER, RELEASED
from backend.records.documents.content import DossierContent
from backend.records.documents.order import BoundDocument

SCHEMA = DOSSIER


@dataclass(frozen=True)
class PrintedDocument:
    """A row of the catalogue with its first and last printed page."""

    document: BoundDocument
    first_page: int
    last_page: int


def fingerprint(content: DossierContent) -> str:
    """SHA-256 of the canonical content: one bit changed anywhere changes it."""
    return digest(plain(content))


def dossier_json(content: DossierContent, printed: Sequence[PrintedDocument]) -> bytes:
    """The canonical bytes of `dossier.json`."""
    content_json = plain(content)
    return canonical(
        {
            "schema": SCHEMA,
            "fingerprint": digest(content_json),
            "content": content_json,
            "layout": {
                "pages": printed[-1].last_page if printed else 0,
                "catalogue": catalogue_of(printed),
            },
        }
    )


def catalogue_of(printed: Sequence[PrintedDocument]) -> list[dict[str, Any]]:
    """The rows of 卷内目录 with the pages on which each document was printed."""
    return [
        {
            "no": number,
            "key": row.document.key,
            "title": row.document.title,
            "number": row.document.number,
            "responsible": row.document.responsible,
            "date": plain(row.document.dated),
            "remark": row.document.remark,
            "pages": [row.first_page, row.last_page],
        }
        for number, row in enumerate(printed, 1)
    ]


def plain(value: Any) -> Any:
    """A content value as JSON: moments in UTC with "Z", days as YYYY-MM-DD, tuples as arrays."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    return value


def released_schema(version: object) -> Any:
    """The schema of a released version, as it was then; of any other, today's, which refuses it."""
    known = [name for name in RELEASED if name.startswith("yaohao-dossier/")]
    number = str(version if version in known else SCHEMA).rpartition("/")[2]
    return json.loads((files("backend.records.dossier") / f"dossier-{number}.schema.json").read_text("utf-8"))


def content_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `dossier.json`, from the content's own types."""
    layout = {
        "type": "object",
        "additionalProperties": False,
        "required": ["pages", "catalogue"],
        "properties": {
            "pages": {"type": "integer", "minimum": 0},
            "catalogue": {
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": ["no", "key", "title", "number", "responsible", "date", "remark", "pages"],
                    "properties": {
                        "no": {"type": "integer", "minimum": 1},
                        **{
                            key: {"type": "string"}
                            for key in ("key", "title", "number", "responsible", "remark")
                        },
                        "date": {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
                        "pages": {
                            "type": "array",
                            "items": {"type": "integer"},
                            "minItems": 2,
                            "maxItems": 2,
                        },
                    },
                },
            },
        },
    }
    definitions: dict[str, Any] = {}
    content = _schema_of(DossierContent, definitions)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{SCHEMA.replace('/', ':')}",
        "type": "object",
        "additionalProperties": False,
        "required": ["schema", "fingerprint", "content", "layout"],
        "properties": {
            "schema": {"const": SCHEMA},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "content": content,
            "layout": layout,
        },
        "$defs": dict(sorted(definitions.items())),
    }


_SCALARS: Mapping[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    type(None): {"type": "null"},
}


def _schema_of(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if kind in _SCALARS:
        return _SCALARS[kind]
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return {"anyOf": [_schema_of(each, definitions) for each in arguments]}
    if origin is tuple and arguments[-1] is Ellipsis:
        return {"type": "array", "items": _schema_of(arguments[0], definitions)}
    if origin is tuple:
        items = [_schema_of(each, definitions) for each in arguments]
        return {"type": "array", "prefixItems": items, "minItems": len(items), "maxItems": len(items)}
    if kind.__name__ not in definitions:
        definitions[kind.__name__] = {}
        hints = typing.get_type_hints(kind)
        definitions[kind.__name__] = {
            "type": "object",
            "additionalProperties": False,
            "required": [each.name for each in fields(kind)],
            "properties": {each.name: _schema_of(hints[each.name], definitions) for each in fields(kind)},
        }
    return {"$ref": f"#/$defs/{kind.__name__}"}
