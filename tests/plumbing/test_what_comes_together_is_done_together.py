"""Jobs that threads bring while one is under way are done in one batch, and what is wrong with one is told to nobody else."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.plumbing.together import MOST_AT_ONCE, Together


class Desk:
    """Doubles numbers; the first batch waits until it is let go. A batch that holds a 13 fails whole."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun, self.let_go = threading.Event(), threading.Event()

    def work(self, batch: Sequence[int]) -> list[int | Exception]:
        self.batches.append(list(batch))
        self.begun.set()
        assert self.let_go.wait(10)
        if 13 in batch:
            raise ValueError("13")
        return [LookupError("4") if one == 4 else one * 2 for one in batch]


def _bring(numbers: Sequence[int]) -> tuple[Desk, list[object]]:
    """Bring the first number, and the others while it is being worked on; what each came to."""
    desk = Desk()
    line = Together(desk.work)

    def bring(number: int) -> object:
        try:
            return line.bring(number)
        except (ValueError, LookupError) as fault:
            return str(fault)

    with ThreadPoolExecutor(len(numbers)) as threads:
        first = threads.submit(bring, numbers[0])
        assert desk.begun.wait(10)
        others = [threads.submit(bring, number) for number in numbers[1:]]
        while len(line._waiting) < len(others):
            pass
        desk.let_go.set()
        return desk, [one.result(10) for one in (first, *others)]


def test_what_comes_meanwhile_is_one_batch() -> None:
    desk, results = _bring([1, 2, 3])
    assert results == [2, 4, 6]
    assert [sorted(batch) for batch in desk.batches] == [[1], [2, 3]]


def test_a_batch_that_fails_is_done_one_by_one() -> None:
    desk, results = _bring([1, 2, 13, 3])
    assert results == [2, 4, "13", 6]
    assert sorted(map(sorted, desk.batches)) == [[1], [2], [2, 3, 13], [3], [13]]


def test_a_job_that_is_refused_harms_no_other() -> None:
    desk, results = _bring([1, 2, 4, 3])
    assert results == [2, 4, "4", 6]
    assert len(desk.batches) == 2


@pytest.mark.parametrize("more", [1, MOST_AT_ONCE])
def test_no_batch_grows_beyond_all_measure(more: int) -> None:
    desk, results = _bring(range(MOST_AT_ONCE + more + 1))
    assert results == [number * 2 if number not in (4, 13) else str(number) for number in range(len(results))]
    assert max(map(len, desk.batches)) <= MOST_AT_ONCE
