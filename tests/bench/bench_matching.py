"""Teams for 5,000 entities out of 400 inspectors, beside a min-cost-flow solver; both must agree on what is possible."""

import hashlib
import random
from collections.abc import Iterator

from backend.planning.matching.rules import Impossible, Matched, MatchingRules, match
from tests.bench.matching_by_flow import smallest_cap_by_flow
from tests.bench.ratios import Ratio, medians

KEY = hashlib.sha256(b"bench").digest()
INSTANCES = 200
Instance = tuple[list[tuple[str, str]], list[tuple[str, str]], set[tuple[str, str]], MatchingRules]


def ratios() -> Iterator[Ratio]:
    """The time, then the share of small instances on which solver and matching differ."""
    instance = _instance(random.Random(7), 5000, 400, hard_cap=200)
    found: list[object] = []
    solved: list[int | None] = []
    took, solver = medians(
        lambda: found.append(_smallest_cap(instance)), lambda: solved.append(smallest_cap_by_flow(*instance))
    )
    assert {*found} == {*solved}, "the solver and the matching agree on the smallest cap"
    yield Ratio("match 5,000 × 400, beside a flow solver", took, solver, 1)
    yield Ratio(
        f"instances that max-flow and the matching agree on, of {INSTANCES}", INSTANCES, _agreed(), 1, ""
    )


def _agreed() -> float:
    """Among them crowded ones, that nobody can fill."""
    chance, agreed, impossible = random.Random(11), 0, 0
    for _ in range(INSTANCES):
        instance = _instance(chance, chance.randint(1, 30), chance.randint(1, 9), chance.randint(1, 12))
        cap = _smallest_cap(instance)
        impossible += cap is None
        agreed += cap == smallest_cap_by_flow(*instance)
    assert 0 < impossible < INSTANCES
    return agreed


def _smallest_cap(instance: Instance) -> int | None:
    entities, people, recused, rules = instance
    found = match(entities, people, recused, rules, KEY)
    assert isinstance(found, Matched | Impossible)
    return found.cap if isinstance(found, Matched) else None


def _instance(chance: random.Random, entities: int, inspectors: int, hard_cap: int) -> Instance:
    people = [(f"P{n:03}", f"G{n % 12}") for n in range(inspectors)]
    drawn = [(f"firm:{n:05}", f"S{chance.randrange(6)}") for n in range(entities)]
    allowed = {f"S{s}": tuple(f"G{g}" for g in chance.sample(range(12), 5)) for s in range(6)}
    rules = MatchingRules(2, hard_cap, allowed, {s: groups[:3] for s, groups in allowed.items()})
    recused = {(p, e) for p, _ in people for e, _ in chance.sample(drawn, min(3, entities))}
    return drawn, people, recused, rules
