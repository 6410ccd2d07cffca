"""How many each stratum gives, fixed before the seed (draw.md 1.3). Exact integers throughout."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor

Ratio = tuple[int, int]


@dataclass(frozen=True)
class Stratum:
    """One class of the roster. A null ratio means that its quota is a share of the fixed total."""

    id: str
    population: int
    ratio: Ratio | None


@dataclass(frozen=True)
class Allocation:
    """A fixed total, shared by weights over the strata without a ratio of their own."""

    total: int
    weights: Mapping[str, int]


def by_ratio(population: int, ratio: Ratio) -> int:
    """At least one where anything is to be drawn, rounded up, never more than there are."""
    numerator, denominator = ratio
    if population == 0 or numerator == 0:
        return 0
    return min(population, max(1, -(-population * numerator // denominator)))


def quotas_of(strata: list[Stratum], allocation: Allocation | None) -> dict[str, int]:
    """The quota of every stratum by its id."""
    quotas = {s.id: by_ratio(s.population, s.ratio) for s in strata if s.ratio is not None}
    if allocation is not None:
        quotas |= shared_out(allocation, {s.id: s.population for s in strata if s.ratio is None})
    return quotas | {s.id: 0 for s in strata if s.id not in quotas}


def shared_out(allocation: Allocation, populations: Mapping[str, int]) -> dict[str, int]:
    """Share the total by population times weight; what a full stratum cannot take goes to the others."""
    quotas: dict[str, int] = {}
    left, sharing = allocation.total, dict(populations)
    while True:
        shares = _exact_shares(left, sharing, allocation.weights)
        full = [stratum for stratum, share in shares.items() if share > sharing[stratum]]
        if not full:
            return quotas | _rounded(shares)
        for stratum in full:
            quotas[stratum] = sharing.pop(stratum)
            left -= quotas[stratum]


def _exact_shares(
    total: int, populations: Mapping[str, int], weights: Mapping[str, int]
) -> dict[str, Fraction]:
    parts = {stratum: population * weights.get(stratum, 0) for stratum, population in populations.items()}
    whole = sum(parts.values())
    return {
        stratum: Fraction(total * part, whole) if whole else Fraction(0) for stratum, part in parts.items()
    }


def _rounded(shares: Mapping[str, Fraction]) -> dict[str, int]:
    quotas = {stratum: floor(share) for stratum, share in shares.items()}
    spare = int(sum(shares.values())) - sum(quotas.values())
    by_remainder = sorted(shares, key=lambda stratum: (quotas[stratum] - shares[stratum], stratum.encode()))
    for stratum in by_remainder[:spare]:
        quotas[stratum] += 1
    return quotas
