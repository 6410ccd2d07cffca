"""How a line's number is shared: between the level above and this one (省/市分配比例), and among regions (地区抽查比重). Pure."""

from collections.abc import Mapping
from fractions import Fraction
from math import floor, gcd

from backend.planning.scopes.rules import Amount

ByGrade = Mapping[str, int]


def own_amount(amount: Amount, upper_share_percent: int | None) -> Amount:
    """What is left of a ratio or a fixed number for this level; a number is rounded up."""
    left = 100 - (upper_share_percent or 0)
    if left == 100:
        return list(amount)
    if len(amount) == 1:
        return [own_number(amount[0], upper_share_percent)]
    numerator, denominator = amount[0] * left, amount[1] * 100
    common = gcd(numerator, denominator) or 1
    return [numerator // common, denominator // common]


def own_number(estimated: int, upper_share_percent: int | None) -> int:
    """How many of an estimated number this level draws itself."""
    return -(-estimated * (100 - (upper_share_percent or 0)) // 100)


def among_regions(
    totals: ByGrade, populations: Mapping[str, ByGrade], weights: Mapping[str, int]
) -> dict[str, dict[str, int]]:
    """Share each grade's total among regions by their weights: region → grade → number.

    Nobody gives more than there are: what a region cannot take goes to the others. Fractions are carried from grade to
    grade, so that over all grades the regions come as near to their weights as whole numbers allow.
    """
    shared: dict[str, dict[str, int]] = {region: {} for region in weights}
    owed = dict.fromkeys(weights, Fraction(0))
    for grade, total in totals.items():
        room = {region: populations.get(region, {}).get(grade, 0) for region in weights}
        parts = _within(total, room, weights)
        taken = {region: floor(part) for region, part in parts.items()}
        for region, part in parts.items():
            owed[region] += part - taken[region]
        for _ in range(min(total, sum(room.values())) - sum(taken.values())):
            region = max(
                (r for r in weights if taken[r] < room[r]), key=lambda r: (owed[r], weights[r], r.encode())
            )
            taken[region] += 1
            owed[region] -= 1
        for region, number in taken.items():
            shared[region][grade] = number
    return shared


def _within(total: int, room: ByGrade, weights: Mapping[str, int]) -> dict[str, Fraction]:
    """Exact shares by weight, none over its room; regions without weight take none."""
    parts = dict.fromkeys(weights, Fraction(0))
    left, sharing = Fraction(total), {region for region in weights if weights[region] and room[region]}
    while sharing:
        whole = sum(weights[region] for region in sharing)
        full = {r for r in sharing if left * weights[r] / whole >= room[r]}
        if not full:
            return parts | {r: left * weights[r] / whole for r in sharing}
        for region in full:
            parts[region] = Fraction(room[region])
        left -= sum(room[region] for region in full)
        sharing -= full
    return parts
