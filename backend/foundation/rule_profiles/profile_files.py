"""The profiles as they lie in the package: read once, checked against a schema made from keys.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from backend.foundation.rule_profiles.rules import PRODUCT_DEFAULT, RuleProfile, resolve

_HERE = files("backend.foundation.rule_profiles")

_SHAPES: dict[str, dict[str, Any]] = {
    "flag": {"type": "boolean"},
    "count": {"type": ["integer", "null"], "minimum": 0},
    "workdays": {"type": ["integer", "null"], "minimum": 1},
    "text": {"type": ["string", "null"], "minLength": 1},
    "texts": {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True},
    "counts": {"type": "array", "items": {"type": "integer"}, "uniqueItems": True},
}


@dataclass(frozen=True)
class Key:
    """One fact a profile can fix: its group and label on the screen, its shape, its unit, the spelling of its words.

    `least` is the smallest number the law leaves open to an agency; `fixed` says that the law leaves nothing open.
    """

    name: str
    group: str
    label: str
    shape: str
    unit: str
    words: Mapping[str, str]
    least: int
    fixed: bool

    @property
    def schema(self) -> dict[str, Any]:
        if self.shape == "word":
            return {"enum": [*self.words, None]}
        if self.shape == "words":
            return {"type": "array", "items": {"enum": list(self.words)}, "uniqueItems": True}
        return _SHAPES[self.shape]


@cache
def known_keys() -> Mapping[str, Key]:
    """Every key of keys.yaml by name, in the order of the file."""
    groups: dict[str, dict[str, dict[str, Any]]] = yaml.load(
        _HERE.joinpath("keys.yaml").read_text("utf-8"), yaml.CSafeLoader
    )
    return {
        name: Key(
            name=name,
            group=group,
            label=entry["label"],
            shape=entry["shape"],
            unit=entry.get("unit", ""),
            words=entry.get("words", {}),
            least=entry.get("least", 1 if entry["shape"] == "workdays" else 0),
            fixed=entry.get("fixed", False),
        )
        for group, entries in groups.items()
        for name, entry in entries.items()
    }


@cache
def profile_files() -> Mapping[str, Mapping[str, Any]]:
    """Every profile file by key. Raises ValueError, naming file and place, when one does not fit the schema."""
    parsed = {}
    for path in sorted(_HERE.joinpath("profiles").iterdir(), key=lambda each: each.name):
        if path.name.endswith(".yaml"):
            content = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
            check_profile(content, path.name)
            parsed[content["key"]] = content
    return parsed


@cache
def load_profile(key: str) -> RuleProfile:
    """The profile `key` with its inheritance joined. Raises KeyError for an unknown profile."""
    return resolve(profile_files(), key)


def check_profile(content: Any, name: str) -> None:
    """Raise ValueError with the first thing wrong in a profile file's content."""
    validator = Draft202012Validator(profile_schema(), format_checker=None)
    for error in validator.iter_errors(_dates_as_text(content)):
        place = "/".join(map(str, error.absolute_path))
        raise ValueError(f"{name}: {place}: {error.message}")


def profile_schema() -> dict[str, Any]:
    """The JSON Schema of a profile file: a value is either cited or assumed, never both, never neither."""
    article = {"type": "string", "minLength": 1}
    quote = {"type": "string", "minLength": 12, "maxLength": 60}
    day = {"type": ["string", "null"], "pattern": r"^\d{4}-\d{2}-\d{2}$"}
    return {
        "type": "object",
        "required": ["key", "source", "name", "issuer", "inherits", "validity", "values"],
        "properties": {
            "validity": {
                "type": ["object", "null"],
                "required": ["from", "to", "article", "quote"],
                "properties": {"from": day, "to": day, "article": article, "quote": quote},
                "additionalProperties": False,
            },
            "values": {
                "type": "object",
                "properties": {key.name: _entry(key.schema, article, quote) for key in known_keys().values()},
                "additionalProperties": False,
            },
            "assumed_from": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": {"enum": list(known_keys())}},
            },
        },
    }


def _entry(value: Mapping[str, Any], article: Mapping[str, Any], quote: Mapping[str, Any]) -> dict[str, Any]:
    cited = {"value": value, "article": article, "quote": quote}
    assumed = {"value": value, "assumed": {"const": True}, "source": {"const": PRODUCT_DEFAULT}}
    return {
        "oneOf": [
            {"properties": shape, "required": list(shape), "additionalProperties": False}
            for shape in (cited, assumed)
        ]
    }


def _dates_as_text(content: Any) -> Any:
    validity = content.get("validity")
    if not validity:
        return content
    spelled = {name: str(validity[name]) if validity.get(name) else None for name in ("from", "to")}
    return {**content, "validity": {**validity, **spelled}}
