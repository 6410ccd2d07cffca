"""Jobs wait for the worker alone: killed from outside, it is there again without anybody restarting the house."""

import os
import signal
from collections.abc import Iterator

import pytest

from backend.serving.standing import StandingProcess

pytestmark = pytest.mark.one_database


@pytest.fixture
def standing() -> Iterator[tuple[StandingProcess, int]]:
    """A process that tells its number when it begins, and where that can be read."""
    hearing, telling = os.pipe()

    def work(_parent: int) -> None:
        os.write(telling, os.getpid().to_bytes(8, "big"))
        signal.pause()

    process = StandingProcess(work, again_after=0.01)
    yield process, hearing
    process.end()
    os.close(hearing)
    os.close(telling)


def _next_number(hearing: int) -> int:
    return int.from_bytes(os.read(hearing, 8), "big")


def test_a_worker_that_was_killed_is_begun_again(standing: tuple[StandingProcess, int]) -> None:
    _, hearing = standing
    first = _next_number(hearing)
    os.kill(first, signal.SIGKILL)
    assert _next_number(hearing) != first


def test_a_worker_that_was_asked_to_end_stays_ended(standing: tuple[StandingProcess, int]) -> None:
    process, hearing = standing
    first = _next_number(hearing)
    process.end()
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
