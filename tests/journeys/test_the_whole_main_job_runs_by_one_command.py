"""`yaohao demo --once`: the story from a directory file to a sealed dossier, checked by programs that trust nothing."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from backend.__main__ import main

VERIFIER = Path(__file__).parents[2] / "backend" / "planning" / "draw" / "verify.py"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("once")
    assert main(["demo", "--once", "--out", str(folder)]) == 0
    return folder


@pytest.mark.one_database
def test_it_leaves_a_summary_whose_paths_exist(out: Path) -> None:
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert set(summary) == {"draw", "dossier", "published", "visits", "timings"}
    for path in (summary["draw"]["record"], summary["dossier"]["pdf"], summary["dossier"]["package"]):
        assert (out / path).is_file(), path
    assert summary["visits"] == len(summary["published"]) > 1
    assert {tuple(sorted(result)) for result in summary["published"]} == {
        ("entity", "matter", "result", "url")
    }


@pytest.mark.one_database
def test_the_record_stands_before_a_program_that_imports_nothing_of_ours(out: Path, tmp_path: Path) -> None:
    verdict = subprocess.run(
        [sys.executable, "-I", str(VERIFIER), str(out / "draw" / "record.json")],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert verdict.returncode == 0, verdict.stdout
    assert verdict.stdout.startswith("成立")


@pytest.mark.one_database
def test_the_package_stands_before_the_archive_verifier(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["archive", "verify", str(out / "dossier" / "dossier.zip")]) == 0
    assert "✗" not in capsys.readouterr().out
