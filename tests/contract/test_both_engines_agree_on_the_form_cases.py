"""forms/cases is the specification of the form engine; the TypeScript twin runs the same files in pwa/tests."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from backend.fieldwork.checklists.definitions import compile_form, forms_folder
from backend.fieldwork.checklists.rules import proposals
from tests.contract.form_engine import assessed

CASE_FILES = sorted((forms_folder() / "cases").glob("*.json"))
SCHEMA = Draft202012Validator(json.loads((forms_folder() / "schema.json").read_text("utf-8")))


def _cases() -> list[Any]:
    found = []
    for path in CASE_FILES:
        told = json.loads(path.read_text("utf-8"))
        found += [
            pytest.param(told["form"], case, id=f"{path.stem}: {case['name']}") for case in told["cases"]
        ]
    return found


@pytest.mark.parametrize(("form", "case"), _cases())
def test_the_python_engine_says_what_the_case_says(form: dict[str, Any], case: dict[str, Any]) -> None:
    assert assessed(form, case["answers"], case["photos"]) == case["expect"]


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda path: path.stem)
def test_a_form_offers_what_the_case_says(path: Path) -> None:
    told = json.loads(path.read_text("utf-8"))
    assert proposals(told["form"], told.get("facts", {})) == told.get("proposals", {})


@pytest.mark.parametrize("path", CASE_FILES, ids=lambda path: path.stem)
def test_a_case_uses_a_form_that_the_door_lets_in(path: Path) -> None:
    form = json.loads(path.read_text("utf-8"))["form"]
    assert compile_form(form, SCHEMA, f"cases/{path.stem}/v1.yaml").key == f"cases/{path.stem}"
