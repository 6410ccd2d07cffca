"""A frozen roster of a million in four grades with different ratios, made up by a seed."""

import hashlib
import random
from collections.abc import Iterator
from functools import cache
from itertools import islice

from backend.planning.draw.tickets import Wanted

ENTITIES = 1_000_000
SHARES = {"A": (461_539, 1, 100), "B": (307_692, 3, 100), "C": (153_846, 5, 100), "D": (76_923, 10, 100)}
KEY = hashlib.sha256(b"bench").digest()


@cache
def roster() -> dict[str, list[str]]:
    """Invented codes by grade, in the order of their bytes."""
    numbers = iter(random.Random(5).sample(range(10**9), ENTITIES))
    return {
        grade: sorted(f"firm:{n:09d}" for n in islice(numbers, size))
        for grade, (size, _, _) in SHARES.items()
    }


def quota(grade: str) -> int:
    size, numerator, denominator = SHARES[grade]
    return -(-size * numerator // denominator)


def wanted() -> list[Wanted]:
    """What is to be drawn."""
    return [Wanted(grade, size, quota(grade)) for grade, (size, _, _) in SHARES.items()]


def drawn_in_all() -> int:
    return sum(map(quota, SHARES))


def rows() -> Iterator[tuple[str, str, int]]:
    """Stratum, code and an entity id."""
    return ((grade, code, 0) for grade, codes in roster().items() for code in codes)
