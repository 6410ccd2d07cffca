"""What was published once stays readable: a change of shape is a new version, and both verifiers read every released one.

A failing fingerprint here means that a released shape was edited. Leave the old schema file as it was, give the new shape a
name in `core/formats.py` and a schema file of its own, and add it below; add a golden draw where the draw's files changed.
"""

import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from backend.core.formats import DOSSIER, DRAW_EVENTS, DRAW_RECORD, RELEASED
from backend.planning.draw import verify

pytestmark = pytest.mark.one_database

SCHEMAS = {
    "draw/1": (
        "backend.planning.draw",
        "record.schema.json",
        "7ebf451ed278801b2aac3e88a1fa1968f823b456bd00a2f799d521b4acb096e1",
    ),
    "yaohao-dossier/1": (
        "backend.records.dossier",
        "dossier-1.schema.json",
        "33d982f5e69838e1f7418b5be086a1ab374f95a741ac1582eb22f4a611f9aa1a",
    ),
}
"""Where each released schema lies, and its SHA-256."""
GOLDEN = Path(__file__).parent / "released"
EVENT_MEMBERS = {"v", "record", "prev", "event", "at", "digest"}


def golden_draws() -> list[Any]:
    return [json.loads(path.read_text("utf-8")) for path in sorted(GOLDEN.glob("draw-*.json"))]


def unpacked(golden: Any, folder: Path) -> Path:
    for name, text in golden["files"].items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8", newline="")
    return folder / "record.json"


@pytest.mark.parametrize("version", SCHEMAS)
def test_a_released_schema_is_the_one_that_was_released(version: str) -> None:
    package, name, fingerprint = SCHEMAS[version]
    content = (files(package) / name).read_bytes()
    assert hashlib.sha256(content).hexdigest() == fingerprint, (
        f"{version} was released: give the change a new version"
    )


def test_every_version_has_its_proof() -> None:
    golden = {golden["events"] for golden in golden_draws()}
    assert {*SCHEMAS, *golden} == {*RELEASED}
    assert {DRAW_RECORD, DRAW_EVENTS, DOSSIER} <= {*RELEASED}


@pytest.mark.parametrize("golden", golden_draws(), ids=lambda golden: golden["events"])
def test_the_stand_alone_verifier_reads_every_release(golden: Any, tmp_path: Path) -> None:
    assert verify.main([str(unpacked(golden, tmp_path))]) == 0
    record = json.loads(golden["files"]["record.json"])
    schema = json.loads((files("backend.planning.draw") / "record.schema.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(record)


def test_a_version_nobody_released_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = unpacked(golden_draws()[-1], tmp_path)
    events = tmp_path / "events.jsonl"
    events.write_text(events.read_text("utf-8").replace(DRAW_EVENTS, "draw-events/9"), "utf-8")
    assert verify.main([str(path)]) == 1
    assert "draw-events/9" in capsys.readouterr().out


def test_a_line_of_today_has_the_members_of_its_version() -> None:
    """Members that every line carries, and those of each kind in the golden draw of today's version."""
    lines = golden_draws()[-1]["files"]["events.jsonl"].splitlines()
    told = [json.loads(line) for line in lines]
    assert all(event.keys() >= EVENT_MEMBERS and event["v"] == DRAW_EVENTS for event in told)
    assert {event["event"] for event in told} >= {"locked", "replaced", "seat_redrawn", "attached", "opened"}
