"""`yaohao draw verify` and `yaohao draw selftest`; the record keeps to its published schema."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from backend.__main__ import main
from backend.planning.draw.selftest import faults_against, selftest_faults
from tests.planning.draw.published_vectors import draw_vectors
from tests.planning.draw.recorded_draws import signed_record, write_folder

SCHEMA = json.loads(files("backend.planning.draw").joinpath("record.schema.json").read_text("utf-8"))


def test_verify_answers_with_its_exit_code(tmp_path: Path) -> None:
    path = write_folder(draw_vectors()[0], tmp_path)
    assert main(["draw", "verify", str(path)]) == 0
    path.write_bytes(path.read_bytes().replace(b'"shortfall": 0', b'"shortfall": 1', 1))
    assert main(["draw", "verify", str(path)]) == 1


def test_selftest_holds_on_this_machine() -> None:
    assert main(["draw", "selftest"]) == 0


@pytest.mark.parametrize("vector", draw_vectors(), ids=lambda v: v["name"])
def test_the_selftest_agrees_with_every_published_vector(vector: dict[str, Any]) -> None:
    assert faults_against(vector) == []


def test_the_selftest_names_what_differs() -> None:
    vector = draw_vectors()[0]
    wrong = {**vector, "expect": {**vector["expect"], "seed": "0" * 64}}
    assert faults_against(wrong) == [f"{vector['name']}：seed 与公布的不同"]
    assert selftest_faults() == []


@pytest.mark.parametrize("vector", draw_vectors(), ids=lambda v: v["name"])
def test_a_record_keeps_to_its_schema(vector: dict[str, Any]) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    record = signed_record(vector)
    Draft202012Validator(SCHEMA).validate(record)
    assert not Draft202012Validator(SCHEMA).is_valid({**record, "seed": "kurz"})
