"""What one version of the list changes against another. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True)
class ChangedMatter:
    """A matter that stands in both versions and reads differently: each field with what it was and is."""

    row: Row
    fields: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True)
class Differences:
    """Every row of both versions is in exactly one of these, the same ones counted."""

    added: tuple[Row, ...]
    removed: tuple[Row, ...]
    changed: tuple[ChangedMatter, ...]
    same: int

    @property
    def none(self) -> bool:
        return not (self.added or self.removed or self.changed)


def differences(earlier: Sequence[Row], later: Sequence[Row], fields: Sequence[str]) -> Differences:
    """Compare two snapshots by matter id over `fields`, each list in the order of its own version."""
    before = {row["id"]: row for row in earlier}
    here = {row["id"] for row in later}
    changed, same = [], 0
    for row in later:
        if row["id"] not in before:
            continue
        old = before[row["id"]]
        if differing := tuple((f, old.get(f), row.get(f)) for f in fields if _differ(old, row, f)):
            changed.append(ChangedMatter(row, differing))
        else:
            same += 1
    return Differences(
        added=tuple(row for row in later if row["id"] not in before),
        removed=tuple(row for row in earlier if row["id"] not in here),
        changed=tuple(changed),
        same=same,
    )


def _differ(old: Row, new: Row, name: str) -> bool:
    """A field that an older version did not know yet is not a difference."""
    return name in old and name in new and old[name] != new[name]
