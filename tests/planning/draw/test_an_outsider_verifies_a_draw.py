"""The stand-alone verifier: it agrees with a true record, and names whatever was changed in a false one."""

import ast
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.planning.draw import verify
from tests.planning.draw.published_vectors import draw_vectors, matching_vectors, rows
from tests.planning.draw.recorded_draws import write_folder

PROGRAM = Path(verify.__file__)
Record = dict[str, Any]


@pytest.mark.parametrize("vector", draw_vectors(), ids=lambda v: v["name"])
def test_a_true_record_holds(vector: Record, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify.main([str(write_folder(vector, tmp_path))]) == 0
    assert capsys.readouterr().out.startswith(f"成立：{vector['commit']['serial']} ")


@pytest.mark.parametrize("vector", matching_vectors(), ids=lambda v: v["name"])
def test_its_matching_is_the_published_one(vector: Record) -> None:
    groups: dict[str, set[str]] = {}
    for inspector, group in rows(vector["inspectors"]):
        groups.setdefault(inspector, set()).add(group)
    teams, cap = verify.seat_all(
        dict(rows(vector["entities"])),
        groups,
        set(vector["recusals"]),
        vector["matching"],
        vector["K_inspector"],
    )
    expected = vector["expect"]
    assert (teams, cap) == (expected.get("team", []), expected.get("cap"))


@pytest.mark.parametrize("program", [PROGRAM, PROGRAM.with_name("verify_since.py")], ids=lambda p: p.name)
def test_it_is_short_and_needs_the_standard_library_only(program: Path) -> None:
    source = program.read_text("utf-8")
    imported = {
        name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
    }
    assert imported <= sys.stdlib_module_names
    assert len(source.splitlines()) <= 250


def test_it_runs_alone_on_a_copied_folder(tmp_path: Path) -> None:
    write_folder(draw_vectors()[1], tmp_path)
    copied = tmp_path / "check.py"
    copied.write_bytes(PROGRAM.read_bytes())
    run = subprocess.run(
        [sys.executable, "-I", str(copied), "record.json"], cwd=tmp_path, capture_output=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, b"")


def _first_ticket(record: Record) -> None:
    record["picks"][0]["ticket"] = "0" * 64


def _swap_leader(record: Record) -> None:
    team = record["team"][0]
    team["leader"], team["members"][0] = team["members"][0], team["leader"]


def _drop_pick(record: Record) -> None:
    record["picks"].pop()


def _raise_quota(record: Record) -> None:
    record["commit"]["strata"][0]["quota"] += 1


TAMPERINGS: list[tuple[str, Callable[[Record], object]]] = [
    ("v", lambda r: r.update(v="draw/2")),
    ("serial", lambda r: r.update(serial="示例〔2026〕9号")),
    ("C", lambda r: r.update(C="0" * 64)),
    ("C", lambda r: r["commit"].update(title="另一次摇号")),
    ("commit.strata[0].quota", _raise_quota),
    ("signatures[0].covers", lambda r: r.update(published_at="2026-12-01T10:00:01+08:00")),
    ("signatures[0].covers", lambda r: r.update(previous_record_hash=None)),
    ("nonce", lambda r: r.update(nonce="0" * 64)),
    ("seed", lambda r: r.update(seed="0" * 64)),
    ("inputs[0]", lambda r: r["inputs"][0].update(input="9999")),
    ("inputs[1].name", lambda r: r["inputs"][1].update(name="别人")),
    ("beacon", lambda r: r["beacon"].update(round="43")),
    ("seed", lambda r: r["beacon"].update(value="00ff11")),
    ("strata[1].cutoff_ticket", lambda r: r["strata"][1].update(cutoff_ticket="0" * 64)),
    ("strata[0].shortfall", lambda r: r["strata"][0].update(shortfall=1)),
    ("picks[0].ticket", _first_ticket),
    ("picks[5]", _drop_pick),
    ("skipped[0].reason", lambda r: r["skipped"][0].update(reason="熟人")),
    ("team[0].leader", _swap_leader),
    ("cap", lambda r: r.update(cap=7)),
    ("files.roster", lambda r: r["files"].update(roster="other.txt")),
    ("signatures[0].covers", lambda r: r["signatures"][0].update(covers="0" * 64)),
    ("signatures", lambda r: r["signatures"][0].update(name="别人")),
    ("signatures", lambda r: r["signatures"].pop()),
]


@pytest.mark.parametrize(("named", "tamper"), TAMPERINGS)
def test_a_changed_field_is_named(
    named: str, tamper: Callable[[Record], object], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_folder(draw_vectors()[1], tmp_path)
    record = json.loads(path.read_bytes())
    tamper(record)
    path.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    assert verify.main([str(path)]) == 1
    faults = capsys.readouterr().out.splitlines()
    assert all(line.startswith("不成立：") for line in faults)
    assert any(named in line for line in faults), faults


@pytest.mark.parametrize(
    "name", ["roster.txt", "inspectors.txt", "recusals.txt", "exemptions.txt", "exclusions/1.txt"]
)
def test_a_changed_file_is_named(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_folder(draw_vectors()[1], tmp_path)
    content = bytearray((tmp_path / name).read_bytes())
    content[3] ^= 1
    (tmp_path / name).write_bytes(content)
    assert verify.main([str(path)]) == 1
    assert f"{name} root" in capsys.readouterr().out


def test_a_missing_file_is_named_and_nothing_crashes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_folder(draw_vectors()[0], tmp_path)
    (tmp_path / "roster.txt").unlink()
    assert verify.main([str(path)]) == 1
    assert "roster.txt" in capsys.readouterr().out


def test_what_is_no_record_is_refused_with_the_usage(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "record.json"
    path.write_text("[1, 2", "utf-8")
    assert verify.main([str(path)]) == 2
    assert verify.main([]) == 2
    assert "用法" in capsys.readouterr().out


@pytest.fixture(scope="module")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(draw_vectors()[5], tmp_path_factory.mktemp("small"))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_flipped_bit_of_the_record_fails(small_folder: Path, place: float, bit: int) -> None:
    true = small_folder.read_bytes()
    flipped = bytearray(true)
    flipped[int(place * len(true))] ^= 1 << bit
    other = small_folder.with_name("flipped.json")
    other.write_bytes(flipped)
    assert verify.main([str(other)]) != 0
