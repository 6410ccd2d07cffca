"""The door by which forms come in: YAML → schema → meaning → canonical JSON → SHA-256. A form that fails stops the load."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from backend.core.canonical_json import canonical, digest
from backend.core.errors import INVALID_FORM, Refusal
from backend.fieldwork.checklists.rules import items_of, why_invalid

_COMPARED_AS_ORDER = {"number", "date"}


@dataclass(frozen=True)
class CompiledForm:
    """One form as every part of the system knows it: its content and the SHA-256 of that content's canonical JSON."""

    key: str
    version: int
    sha: str
    content: Mapping[str, Any]

    @property
    def canonical(self) -> bytes:
        return canonical(self.content)


def forms_folder() -> Path:
    """Where the forms lie: inside the installed package, or beside it in a source tree."""
    packaged = Path(__file__).parent / "forms"
    return packaged if packaged.is_dir() else Path(__file__).parents[3] / "forms"


def load_forms(folder: Path) -> dict[str, CompiledForm]:
    """Compile every `<agency>/<matter>/v<n>.yaml` and return the newest version of each key. Raises Refusal INVALID_FORM."""
    validator = Draft202012Validator(json.loads((folder / "schema.json").read_text("utf-8")))
    newest: dict[str, CompiledForm] = {}
    for path in sorted(folder.glob("*/*/v*.yaml")):
        form = compile_form(yaml.safe_load(path.read_text("utf-8")), validator, str(path.relative_to(folder)))
        if form.key not in newest or newest[form.key].version < form.version:
            newest[form.key] = form
    return newest


def compile_form(content: Any, validator: Draft202012Validator, where: str) -> CompiledForm:
    """Hold one form to the schema and to what a schema cannot say; `where` names its file in the refusal."""
    faults = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(content)]
    faults = faults or list(_faults_of_meaning(content, where))
    if faults:
        raise Refusal(INVALID_FORM, where=where, detail="; ".join(faults[:5]))
    return CompiledForm(content["key"], content["version"], digest(content), content)


def _faults_of_meaning(content: Mapping[str, Any], where: str) -> Iterator[str]:
    if where != f"{content['key']}/v{content['version']}.yaml":
        yield f"key and version must be those of the path, {content['key']}/v{content['version']}.yaml"
    earlier: dict[str, Mapping[str, Any]] = {}
    for item in items_of(content):
        if item["id"] in earlier:
            yield f"{item['id']} is used twice"
        if item["relevant"] is not None:
            yield from (f"{item['id']}: {fault}" for fault in _faults_of(item["relevant"], earlier))
        earlier[item["id"]] = item


def _faults_of(expression: Mapping[str, Any], earlier: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    ((operator, operand),) = expression.items()
    if operator in ("and", "or"):
        for part in operand:
            yield from _faults_of(part, earlier)
    elif operator == "not":
        yield from _faults_of(operand, earlier)
    else:
        yield from _faults_of_leaf(operator, operand, earlier)


def _faults_of_leaf(operator: str, operand: Any, earlier: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    name = operand if operator == "answered" else operand[0]
    if name not in earlier:
        yield f"{name} is not an earlier item"
        return
    item = earlier[name]
    if operator == "lt" and item["type"] not in _COMPARED_AS_ORDER:
        yield f"lt cannot compare {name}, a {item['type']}"
    if operator == "eq" and item["type"] == "multi":
        yield f"use in, not eq, for {name}, a multi"
    if operator in ("eq", "lt", "in"):
        literals = operand[1] if operator == "in" else [operand[1]]
        yield from (f"{name} can never be {one}" for one in literals if _never(item, one))


def _never(item: Mapping[str, Any], literal: str) -> bool:
    if item["type"] == "check":
        return literal not in ("pass", "fail", "na")
    tried = [literal] if item["type"] == "multi" else literal
    return why_invalid(item, tried) in ("not-a-decimal", "not-a-date", "not-a-choice")
