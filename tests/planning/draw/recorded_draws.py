"""Draws written out as the folder an outsider gets, for the tests of the verifier."""

import json
from datetime import datetime
from pathlib import Path

from backend.core.clock import SHANGHAI
from backend.planning.draw.committed_files import FrozenFiles, freeze
from backend.planning.draw.outcome import outcome_of
from backend.planning.draw.record import (
    Record,
    event_line,
    published,
    record_hash,
    record_of,
    signature_of,
    signatures_hash,
)
from backend.planning.draw.seed import Beacon, WitnessInput
from tests.planning.draw.published_vectors import Vector, rows

AT = datetime(2026, 12, 1, 10, 0, tzinfo=SHANGHAI)


def frozen_files(vector: Vector) -> FrozenFiles:
    return freeze(
        rows(vector["roster"]),
        rows(vector["inspectors"]),
        rows(vector["recusals"]),
        dict(rows(vector["exemptions"])),
        [(exclusion["reason"], exclusion["codes"]) for exclusion in vector["exclusions"]],
    )


def inputs_of(vector: Vector) -> list[WitnessInput]:
    return [
        WitnessInput(i["name"], i["input"], bytes.fromhex(i["salt"]) if i["salt"] else None)
        for i in vector["inputs"]
    ]


def beacon_of(vector: Vector) -> Beacon | None:
    given = vector["beacon"]
    return Beacon(given["source"], given["round"], bytes.fromhex(given["value"])) if given else None


def signed_record(vector: Vector) -> Record:
    """The record of a published draw, signed by every witness."""
    files, nonce = frozen_files(vector), bytes.fromhex(vector["nonce"])
    inputs, beacon = inputs_of(vector), beacon_of(vector)
    outcome = outcome_of(vector["commit"], files, nonce, inputs, beacon)
    record = record_of(vector["commit"], files, nonce, inputs, beacon, outcome, AT, "ab" * 32)
    for witness in vector["commit"]["witnesses"]:
        record["signatures"].append(signature_of(record, witness["name"], witness["kind"], AT, "cd" * 32))
    return record


def write_folder(vector: Vector, folder: Path) -> Path:
    """Write the whole published folder of a draw; return where its record.json lies."""
    record = signed_record(vector)
    for name, file in frozen_files(vector).by_name().items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.content)
    first = event_line(record_hash(record), None, "locked", AT, {"signatures": signatures_hash(record)})
    (folder / "events.jsonl").write_text(first + "\n", "utf-8")
    path = folder / "record.json"
    path.write_bytes(published(record))
    assert json.loads(path.read_bytes()) == record
    return path
