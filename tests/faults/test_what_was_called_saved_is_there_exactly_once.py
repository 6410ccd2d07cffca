"""Random schedules: phones on one checklist, a line that fails in every way, a server that is killed and restored."""

import secrets
from pathlib import Path

import pytest

from tests.faults.schedules import Run, run_schedules

pytestmark = pytest.mark.one_database

MUST_HAPPEN = {
    "request lost",
    "answer lost",
    "delayed",
    "sent twice at once",
    "arrived again later, out of order",
    "cut in the middle",
    "piece garbled on the way",
    "op altered on the way",
    "receipt forged",
    "server killed: half a piece in its hands",
    "server killed: a piece half on the disk",
    "server killed: any moment of a push",
    "server killed: between commit and reply",
    "server restored from a backup",
    "page killed in the middle of a write",
    "page closed and opened again",
    "phone full",
    "clock a day ahead",
    "clock a day behind",
    "session ended",
    "all uploaded by token after three days offline",
    "two tabs at once",
    "acknowledged files let go after a week",
    "two people on one phone",
    "app updated from v1 to v2 with two tabs",
    "app updated from v2 to v3 with two tabs",
    "op altered on the phone",
    "bytes altered on the phone",
    "chain altered on the phone",
    "conflict decided",
}
"""A run in which one of these never came would prove nothing of it."""


def _run(
    folder: Path, capsys: pytest.CaptureFixture[str], count: int, kills: int, restores: int, broken: str = ""
) -> Run:
    seed = secrets.randbelow(1_000_000_000)
    with capsys.disabled():
        print(f"\nseeds {seed} to {seed + count - 1}")
    run = run_schedules(folder, seed, count, kills, restores, broken)
    if not broken:
        with capsys.disabled():
            print("\n".join(f"{times:6}  {what}" for what, times in run.happened.items()))
    return run


def test_nothing_saved_is_lost_and_nothing_counts_twice(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _holds(tmp_path, capsys)


@pytest.mark.fault
@pytest.mark.parametrize("part", range(10))
def test_nothing_is_lost_over_many_more_days(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], part: int
) -> None:
    _holds(tmp_path, capsys)


def _holds(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = _run(folder, capsys, 300, kills=24, restores=4)
    assert run.complaint == ""
    assert run.faults == []
    assert run.happened.keys() >= MUST_HAPPEN
    assert run.ops > 300 * 5


@pytest.mark.parametrize("defect", ["deletes before the receipt", "retries with a new id"])
def test_a_broken_build_does_not_pass(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], defect: str
) -> None:
    run = _run(tmp_path, capsys, 10, kills=0, restores=0, broken=defect)
    assert run.complaint or run.faults
