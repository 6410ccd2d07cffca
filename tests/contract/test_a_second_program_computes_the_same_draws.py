"""draw-2.json was computed by a program of another hand (vectors/second_engine.py): both must come to the same bytes."""

import json
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.core.canonical_json import canonical, digest
from backend.planning.draw import verify
from backend.planning.draw.committed_files import FrozenFiles, pairs
from backend.planning.draw.models import DrawPreparation, FrozenEntity
from backend.planning.draw.outcome import committed_rules, outcome_over
from backend.planning.draw.prefilter import FrozenTable
from backend.planning.draw.record import event_line, published, record_hash, record_of, signatures_hash
from backend.planning.draw.replacement import SeatedTeam, next_in_line, taken_over
from backend.planning.draw.selftest import faults_against
from backend.planning.draw.tickets import InMemory
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from tests.planning.draw.recorded_draws import AT, beacon_of, frozen_files, inputs_of

FOLDER = Path(__file__).parent / "vectors"
Vector = Mapping[str, Any]


@cache
def vectors() -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads((FOLDER / "draw-2.json").read_text("utf-8"))
    return parsed


DRAWS = pytest.mark.parametrize("number", range(len(vectors()["draws"])))


def test_the_vectors_are_what_the_second_program_prints_and_it_imports_nothing_of_ours() -> None:
    run = subprocess.run(
        [sys.executable, "-I", str(FOLDER / "second_engine.py")], capture_output=True, check=True
    )
    assert json.loads(run.stdout) == vectors()
    assert "backend" not in (FOLDER / "second_engine.py").read_text("utf-8")


@DRAWS
def test_commitment_picks_and_teams_are_the_same(number: int) -> None:
    vector = vectors()["draws"][number]
    assert canonical(vector["commit"]).decode() == vector["commit_jcs"]
    assert faults_against(vector) == []


@DRAWS
def test_the_database_in_use_filters_to_the_same_picks(number: int, context: Flask) -> None:
    vector = vectors()["draws"][number]
    files = frozen_files(vector)
    table = FrozenTable(_frozen_in_the_database(files))
    nonce, inputs = bytes.fromhex(vector["nonce"]), inputs_of(vector)
    outcome = outcome_over(table, vector["commit"], files, nonce, inputs, beacon_of(vector))
    picked = [[pick.code for pick in stratum.picks] for stratum in outcome.strata]
    assert picked == [[pick["code"] for pick in s["picks"]] for s in vector["expect"]["strata"]]


@pytest.mark.parametrize("case", vectors()["replacements"], ids=lambda case: f"{case['leaver'][:12]}")
def test_who_enters_for_a_leaver_and_with_which_team(case: Vector) -> None:
    vector = vectors()["draws"][case["draw"]]
    files, expect = frozen_files(vector), vector["expect"]
    key = bytes.fromhex(expect["K_entity"])
    used = {pick["code"] for stratum in expect["strata"] for pick in stratum["picks"]}
    entered = []
    for stratum in expect["strata"]:
        if case["leaver"] in [pick["code"] for pick in stratum["picks"]]:
            found = next_in_line(files.strata[stratum["id"]], key, files.exempt, used)
            assert found is not None
            used.add(found.code)
            entered.append({"stratum": stratum["id"], "code": found.code, "rank": found.rank})
    assert entered == case["expect"]["entrants"]
    teams = {
        team["code"]: SeatedTeam(
            team["code"], _first_stratum(expect, team["code"]), (team["leader"], *team["members"])
        )
        for team in expect["team"]
    }
    leaver = teams.pop(case["leaver"])
    team = taken_over(
        entered[0]["code"],
        entered[0]["stratum"],
        leaver,
        list(teams.values()),
        pairs(files.inspectors),
        set(pairs(files.recusals)),
        committed_rules(vector["commit"]),
        bytes.fromhex(expect["K_inspector"]),
    )
    assert list(team.seats) == case["expect"]["team"]


@pytest.mark.parametrize("case", vectors()["records"], ids=lambda case: str(case["draw"]))
def test_the_record_and_the_lines_after_it_are_the_same_bytes(
    case: Vector, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vector = vectors()["draws"][case["draw"]]
    files, nonce = frozen_files(vector), bytes.fromhex(vector["nonce"])
    inputs, beacon = inputs_of(vector), beacon_of(vector)
    from_files = outcome_over(InMemory(files.strata), vector["commit"], files, nonce, inputs, beacon)
    record = record_of(vector["commit"], files, nonce, inputs, beacon, from_files, AT, "ab" * 32)
    assert record_hash(record) == case["hash"]
    signed = {**record, "signatures": case["record"]["signatures"]}
    assert signed == case["record"]
    previous = None
    for line in case["lines"]:
        told = json.loads(line)
        facts = {
            name: value
            for name, value in told.items()
            if name not in ("v", "record", "prev", "event", "at", "signatures", "digest")
        }
        if told["event"] == "locked":
            facts["signatures"] = signatures_hash(signed)
        assert event_line(case["hash"], previous, told["event"], AT, facts, version=told.get("v")) == line
        previous = verify.sha(line.encode()).hex()
    assert _written(case, tmp_path) == 0
    assert "之后的记录 7 行" in capsys.readouterr().out


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_byte_flipped_in_any_file_of_the_folder_is_refused_and_the_file_named(
    data: st.DataObject, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _written(vectors()["records"][0], tmp_path) == 0
    capsys.readouterr()
    name = data.draw(
        st.sampled_from(["record.json", "events.jsonl", "events.jsonl", "roster.txt", "recusals.txt"])
    )
    content = bytearray((tmp_path / name).read_bytes())
    content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    (tmp_path / name).write_bytes(content)
    assert verify.main([str(tmp_path / "record.json")]) != 0
    said = capsys.readouterr().out
    assert name in said or name == "record.json"


@pytest.mark.parametrize(
    ("line", "was", "false", "named"),
    [
        (1, '"rank":', '"rank":1', "entrants[0].rank"),
        (1, '"reason":"已迁出"', '"reason":""', "entrants[0]"),
        (2, '"asked_by":"王科长"', '"asked_by":""', "提出人"),
        (2, '"entered":"P', '"entered":"Q', "entered"),
        (3, '"traded":["P', '"traded":["Q', "traded[0]"),
        (4, '"left":"P', '"left":"Q', "left"),
        (3, '"event":"swapped"', '"event":"swapped "', "不认识的记录 'swapped '"),
        (5, '"P004"]}]', '"P004",null]}]', "seats[2]"),
        (6, '"salts":{"', '"salts":{"x', "salts"),
    ],
)
def test_a_change_that_the_keys_do_not_give_is_named_even_under_true_digests(
    line: int, was: str, false: str, named: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = vectors()["records"][0]
    assert was in case["lines"][line]
    told = json.loads(case["lines"][line].replace(was, false))
    assert _written(_told_falsely(case, line, told), tmp_path) == 1
    said = capsys.readouterr().out
    assert f"events.jsonl 第 {line + 1} 行" in said
    assert named in said


def test_nobody_is_appointed_to_a_team_they_sit_in_already(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = vectors()["records"][1]
    told = json.loads(case["lines"][4])
    assert _written(_told_falsely(case, 4, {**told, "entered": told["left"]}), tmp_path) == 1
    assert f"{told['left']} 已在 {told['code']} 的组里" in capsys.readouterr().out


def test_who_was_away_is_passed_over_and_nobody_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = vectors()["records"][1]
    told = json.loads(case["lines"][2])
    assert told["unable"]
    assert _written(_told_falsely(case, 2, {**told, "unable": []}), tmp_path) == 1
    assert f"entered：记录为 {told['entered']!r}，应为 {told['unable'][0]!r}" in capsys.readouterr().out


def test_a_folder_without_its_second_half_says_so(tmp_path: Path) -> None:
    _written(vectors()["records"][0], tmp_path)
    (tmp_path / "verify.py").write_bytes(Path(verify.__file__).read_bytes())
    run = subprocess.run(
        [sys.executable, "-I", "verify.py", "record.json"], cwd=tmp_path, capture_output=True, check=False
    )
    assert run.returncode == 1
    assert "verify_since.py" in run.stdout.decode()


def _told_falsely(case: Vector, line: int, told: Vector) -> Vector:
    """The record with one line told otherwise, linked and sealed as if it were true."""
    lines, previous = [], None
    for number, text in enumerate(case["lines"]):
        event = dict(told) if number == line else json.loads(text)
        event = {**{name: value for name, value in event.items() if name != "digest"}, "prev": previous}
        lines.append(canonical({**event, "digest": digest(event)}).decode())
        previous = verify.sha(lines[-1].encode()).hex()
    return {**case, "lines": lines}


def _written(case: Vector, folder: Path) -> int:
    """The published folder of a vector's record, and what the verifier says of it."""
    for name, file in frozen_files(vectors()["draws"][case["draw"]]).by_name().items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(file.content)
    (folder / "record.json").write_bytes(published(case["record"]))
    (folder / "events.jsonl").write_text("".join(f"{line}\n" for line in case["lines"]), "utf-8")
    return verify.main([str(folder / "record.json")])


def _first_stratum(expect: Vector, code: str) -> str:
    return next(str(s["id"]) for s in expect["strata"] if code in [pick["code"] for pick in s["picks"]])


def _frozen_in_the_database(files: FrozenFiles) -> int:
    with transaction():
        preparation = DrawPreparation(
            agency_id=1,
            request={},
            rehearsal=True,
            status="freezing",
            prepared_by_name="向量",
            prepared_at=now(),
        )
        db.session.add(preparation)
        db.session.flush()
        for code, stratum in pairs(files.roster):
            row = FrozenEntity(preparation_id=preparation.id, stratum=stratum, code=code, entity_id=0)
            db.session.add(row)
        return preparation.id
