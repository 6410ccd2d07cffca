"""The two form engines are one: on forms and answers that nobody thought of, they say exactly the same."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from backend.core.errors import Refusal
from backend.fieldwork.checklists.definitions import compile_form, forms_folder
from backend.fieldwork.checklists.rules import proposals
from tests.contract.form_engine import assessed
from tests.contract.generated_forms import generated

PHONE_APP = Path(__file__).parents[2] / "pwa"
SCHEMA = Draft202012Validator(json.loads((forms_folder() / "schema.json").read_text("utf-8")))


@pytest.mark.one_database
def test_the_engines_agree_on_some_hundred_forms(tmp_path: Path) -> None:
    _agree(tmp_path / "cases.jsonl", range(400))


@pytest.mark.fault
def test_the_engines_agree_on_ten_thousand_forms(tmp_path: Path) -> None:
    _agree(tmp_path / "cases.jsonl", range(1_000_000, 1_010_000))


@pytest.mark.one_database
def test_the_generator_makes_forms_that_the_door_lets_in_and_fillings_of_every_kind() -> None:
    seen = [generated(seed) for seed in range(300)]
    refused = [one for one in seen if not _is_let_in(one["form"])]
    assert len(refused) < len(seen) // 20, "a literal may lie outside an item's bounds, little else"
    kinds = {item["type"] for one in seen for section in one["form"]["sections"] for item in section["items"]}
    assert len(kinds) == 13
    told = [assessed(one["form"], one["answers"], one["photos"]) for one in seen]
    assert {reason for one in told for reason in one["invalid"].values()} == {
        "not-a-check", "not-text", "too-long", "not-a-decimal", "below-minimum", "above-maximum", "not-a-choice",
        "not-a-date", "not-a-location", "not-a-signature", "kept-as-files", "kept-as-rows", "too-few-files",
        "too-many-files", "too-few-rows", "too-many-rows", "constraint",
    }  # fmt: skip
    assert {one["complete"] for one in told} == {True, False}
    assert any(one["score"] and one["score"]["band"] for one in told)


def _is_let_in(form: dict[str, object]) -> bool:
    try:
        compile_form(form, SCHEMA, "generated/form/v1.yaml")
    except Refusal:
        return False
    return True


def _agree(cases: Path, seeds: range) -> None:
    with cases.open("w", encoding="utf-8") as lines:
        for seed in seeds:
            made = generated(seed)
            expect = assessed(made["form"], made["answers"], made["photos"])
            told = {**made, "seed": seed, "expect": expect, "offered": proposals(made["form"], made["facts"])}
            lines.write(json.dumps(told, ensure_ascii=True) + "\n")
    command = [
        "node",
        "node_modules/vitest/vitest.mjs",
        "run",
        "tests/engine_agrees_on_generated_forms.test.ts",
    ]
    run = subprocess.run(
        command,
        cwd=PHONE_APP,
        env={**os.environ, "GENERATED_FORMS": str(cases), "GENERATED_COUNT": str(len(seeds))},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "1 passed" in run.stdout, run.stdout
