"""One measured line: what the product takes, what a plain baseline of the same machine and minute takes, and the goal."""

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

HEADINGS = ("what", "ours", "baseline", "ratio", "goal", "met")


@dataclass(frozen=True)
class Ratio:
    """`ours` and `baseline` in one unit (`s`, `ms`, `MB`, …); the goal is a ratio that must not be passed.

    A fixed limit is a baseline too: 412 MB against 600 MB with the goal 1.
    """

    what: str
    ours: float
    baseline: float
    goal: float
    unit: str = "s"

    @property
    def ratio(self) -> float:
        return self.ours / self.baseline

    @property
    def met(self) -> bool:
        return self.ratio <= self.goal

    def cells(self) -> tuple[str, ...]:
        """The line of the table, in the order of `HEADINGS`."""
        return (
            self.what,
            f"{self.ours:,.2f} {self.unit}",
            f"{self.baseline:,.2f} {self.unit}",
            f"{self.ratio:.2f}",
            f"≤ {self.goal:g}",
            "yes" if self.met else "NO",
        )


def seconds(work: Callable[[], object]) -> float:
    """How long one run takes, with the garbage of what ran before out of the way."""
    gc.collect()
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def interleaved(
    ours: Callable[[], object], baseline: Callable[[], object], rounds: int
) -> tuple[float, float]:
    """The best seconds of both, run in turn so that a busy minute of the machine falls on both alike."""
    took = _in_turn(ours, baseline, rounds)
    return min(pair[0] for pair in took), min(pair[1] for pair in took)


def medians(
    ours: Callable[[], object], baseline: Callable[[], object], rounds: int = 5
) -> tuple[float, float]:
    """The median seconds of both, run in turn (draw.md 5)."""
    took = _in_turn(ours, baseline, rounds)
    return median(pair[0] for pair in took), median(pair[1] for pair in took)


def _in_turn(
    ours: Callable[[], object], baseline: Callable[[], object], rounds: int
) -> list[tuple[float, float]]:
    ours(), baseline()
    return [(seconds(ours), seconds(baseline)) for _ in range(rounds)]
