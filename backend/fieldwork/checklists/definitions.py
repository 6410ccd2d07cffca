"""The door by which forms come in: YAML → schema → meaning → canonical JSON → SHA-256. A form that fails stops the load."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from backend.core.canonical_json import canonical, digest
from backend.core.errors import INVALID_FORM, Refusal
from backend.fieldwork.checklists.expressions import ORDERS
from backend.fieldwork.checklists.values import Item, why_invalid

_COMPARED_AS_ORDER = {"number", "date"}
_COMPARED_WITH_OTHERS = {"number", "date", "text", "choice"}
_COMPARABLE = {"check", "text", "number", "choice", "multi", "date"}


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


@cache
def load_forms(folder: Path) -> Mapping[str, CompiledForm]:
    """The newest version of each form that is shipped, compiled once per process. Raises Refusal INVALID_FORM."""
    newest: dict[str, CompiledForm] = {}
    for form in compiled_forms(folder):
        if form.key not in newest or newest[form.key].version < form.version:
            newest[form.key] = form
    return newest


def compiled_forms(folder: Path) -> Iterator[CompiledForm]:
    """Compile every `<agency>/<matter>/v<n>.yaml`, all versions."""
    validator = form_schema(folder)
    for path in sorted(folder.glob("*/*/v*.yaml")):
        content = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
        yield compile_form(content, validator, str(path.relative_to(folder)))


def form_schema(folder: Path) -> Draft202012Validator:
    """What every form is held to."""
    return Draft202012Validator(json.loads((folder / "schema.json").read_text("utf-8")))


def compile_form(content: Any, validator: Draft202012Validator, where: str) -> CompiledForm:
    """Hold one form to the schema and to what a schema cannot say; `where` names its file in the refusal."""
    faults = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(content)]
    faults = faults or [*_faults_of_place(content, where), *faults_of_meaning(content)]
    if faults:
        raise Refusal(INVALID_FORM, where=where, detail="; ".join(faults[:5]))
    return CompiledForm(content["key"], content["version"], digest(content), content)


def _faults_of_place(content: Mapping[str, Any], where: str) -> Iterator[str]:
    if where != f"{content['key']}/v{content['version']}.yaml":
        yield f"key and version must be those of the path, {content['key']}/v{content['version']}.yaml"


def faults_of_meaning(content: Mapping[str, Any]) -> Iterator[str]:
    """What a schema cannot say of a form that it lets in, each as `item or section: what is wrong`."""
    earlier: dict[str, Item] = {}
    for section in content["sections"]:
        for fault in faults_of_expression(section.get("relevant"), earlier):
            yield f"{section['id']}: {fault}"
        for item in section["items"]:
            yield from (f"{item['id']}: {fault}" for fault in faults_of_item(item, earlier))
            earlier[item["id"]] = item


def faults_of_item(item: Item, earlier: Mapping[str, Item]) -> Iterator[str]:
    """What a schema cannot say of one item, given the items before it."""
    if item["id"] in earlier:
        yield "is used twice"
    yield from faults_of_expression(item["relevant"], earlier)
    for least, most in (("minPieces", "maxPieces"), ("minRows", "maxRows")):
        if item.get(least, 1) > item.get(most, 200):
            yield f"{least} is above {most}"
    for part in (item, *item.get("columns", ())):
        if "min" in part and "max" in part and Decimal(part["min"]) > Decimal(part["max"]):
            yield f"{part['id']}: min is above max"
        yield from _twice(f"{part['id']} has the choice", part.get("choices", ()), "value")
    yield from _twice("has the column", item.get("columns", ()), "id")
    if "default" in item and why_invalid(item, item["default"]):
        yield f"its default can be no answer: {why_invalid(item, item['default'])}"
    if "constraint" in item:
        yield from faults_of_expression(item["constraint"]["holds"], {**earlier, item["id"]: item})


def _twice(what: str, named: Iterable[Mapping[str, Any]], by: str) -> Iterator[str]:
    names = [one[by] for one in named]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{what} {name} twice"


def faults_of_expression(expression: Mapping[str, Any] | None, earlier: Mapping[str, Item]) -> Iterator[str]:
    """Why an expression can mean nothing over the items before it."""
    if expression is None:
        return
    ((operator, operand),) = expression.items()
    if operator in ("and", "or"):
        for part in operand:
            yield from faults_of_expression(part, earlier)
    elif operator == "not":
        yield from faults_of_expression(operand, earlier)
    else:
        yield from _faults_of_leaf(operator, operand, earlier)


def _faults_of_leaf(operator: str, operand: Any, earlier: Mapping[str, Item]) -> Iterator[str]:
    name = operand if operator == "answered" else operand[0]
    if name not in earlier:
        yield f"{name} is not an earlier item"
        return
    if operator == "answered":
        return
    item, other = earlier[name], operand[1]
    if operator in ORDERS and item["type"] not in _COMPARED_AS_ORDER:
        yield f"{operator} cannot compare {name}, a {item['type']}"
    elif operator in ("eq", "ne") and item["type"] == "multi":
        yield f"use in, not {operator}, for {name}, a multi"
    elif item["type"] not in _COMPARABLE:
        yield f"{name}, a {item['type']}, can only be answered or not"
    elif isinstance(other, Mapping):
        yield from _faults_of_other(item, other["item"], earlier)
    else:
        literals = other if operator == "in" else [other]
        yield from (f"{name} can never be {one}" for one in literals if _never(item, one))


def _faults_of_other(item: Item, other: str, earlier: Mapping[str, Item]) -> Iterator[str]:
    if other not in earlier:
        yield f"{other} is not an earlier item"
    elif item["type"] not in _COMPARED_WITH_OTHERS or earlier[other]["type"] != item["type"]:
        yield f"{item['id']} cannot be compared with {other}"


def _never(item: Item, literal: str) -> bool:
    if item["type"] == "check":
        return literal not in ("pass", "fail", "na")
    tried = [literal] if item["type"] == "multi" else literal
    return why_invalid(item, tried) in ("not-a-decimal", "not-a-date", "not-a-choice")
