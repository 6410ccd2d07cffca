"""Random schedules: two phones on one checklist, a line that fails in every way, a server that is killed and restored."""

import secrets
from pathlib import Path

import pytest

from tests.faults.schedules import run_schedules

pytestmark = pytest.mark.one_database


def _seed(capsys: pytest.CaptureFixture[str], count: int) -> int:
    seed = secrets.randbelow(1_000_000_000)
    with capsys.disabled():
        print(f"\nseeds {seed} to {seed + count - 1}")
    return seed


@pytest.mark.parametrize(
    ("count", "kills", "restores"),
    [
        (60, 1, 0),
        pytest.param(300, 4, 1, marks=pytest.mark.fault),
        pytest.param(3000, 40, 10, marks=pytest.mark.fault),
    ],
)
def test_nothing_saved_is_lost_and_nothing_counts_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], count: int, kills: int, restores: int
) -> None:
    run = run_schedules(tmp_path, _seed(capsys, count), count, kills, restores)
    assert run.complaint == ""
    assert run.faults == []
    assert (run.kills, run.restores) == (kills, restores)
    assert run.ops > count * 5


@pytest.mark.parametrize("defect", ["deletes before the receipt", "retries with a new id"])
def test_a_broken_build_does_not_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], defect: str
) -> None:
    run = run_schedules(tmp_path, _seed(capsys, 10), 10, kills=0, restores=0, broken=defect)
    assert run.complaint or run.faults
