"""Scopes of a draw (定向抽取的范围) and classes of entities, each with its own ratios. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

UNGRADED = "未评"
"""The stratum of entities without a risk grade."""

Scope = Mapping[str, str]
"""Values by the keys of `SCOPE_WORDS`; empty for an undirected draw (不定向)."""

Amount = list[int]
"""`[numerator, denominator]`, or `[number]` for a fixed number of entities."""

SCOPE_WORDS = {
    "kind": "种类",
    "scale": "规模",
    "region": "区域",
    "industry": "行业",
    "directory": "专项名录",
    "flag": "特别情形",
}
"""What a directed draw may be narrowed to (002（十六）: type, scale, sector, region)."""


def grade_words(grade: str) -> str:
    """`B 级`, and 未评等级 for those nobody has graded."""
    return "未评等级" if grade == UNGRADED else f"{grade} 级"


@dataclass(frozen=True)
class EntityClass:
    """One class of a line or a task: its own scope and its own amounts by grade, drawn one by one, dispatched together."""

    name: str
    scope: Scope
    amounts: Mapping[str, Amount]

    @property
    def stored(self) -> dict[str, Any]:
        return {"name": self.name, "scope": dict(self.scope), "amounts": dict(self.amounts)}


def stored_classes(stored: Collection[Mapping[str, Any]]) -> list[EntityClass]:
    """Classes as they were kept."""
    return [EntityClass(one["name"], one["scope"], one["amounts"]) for one in stored]


def tidy_scope(written: Scope) -> dict[str, str]:
    """Only what was filled in, in the order of the words."""
    return {name: written[name].strip() for name in SCOPE_WORDS if written.get(name, "").strip()}


def as_ratio(amount: Amount, population: int) -> tuple[int, int]:
    """The amount as a ratio of this population: drawing it gives exactly the fixed number, at most all there are."""
    if len(amount) == 2:
        return amount[0], amount[1]
    return min(amount[0], population), max(population, 1)
