"""The profiles side by side: one row per rule, one cell per profile, what differs from the agency's own marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.foundation.rule_profiles.profile_files import known_keys, load_profile, profile_files
from backend.foundation.rule_profiles.rules import RuleProfile, Value
from backend.foundation.rule_profiles.views import spoken


@dataclass(frozen=True)
class Cell:
    """What one profile says of a rule. `differs` from what the agency follows; `silent` where its text says nothing."""

    profile: str
    words: str
    value: Value
    differs: bool
    silent: bool


@dataclass(frozen=True)
class Row:
    """One rule across the profiles; `own` is what the agency follows, in words."""

    key: str
    label: str
    own: str
    cells: Sequence[Cell]

    @property
    def differs(self) -> bool:
        return any(cell.differs for cell in self.cells)


def comparison(own: RuleProfile, only_different: bool = False) -> Mapping[str, list[Row]]:
    """The rules by group in the order of keys.yaml; `only_different` leaves out what is the same everywhere."""
    groups: dict[str, list[Row]] = {}
    for key in known_keys().values():
        mine = own.get(key.name)
        cells = []
        for name in profile_files():
            value = load_profile(name).get(key.name)
            silent = value.assumed and value.from_profile != name
            cells.append(Cell(name, spoken(key, value), value, value.value != mine.value, silent))
        row = Row(key.name, key.label, spoken(key, mine), cells)
        if row.differs or not only_different:
            groups.setdefault(key.group, []).append(row)
    return groups
