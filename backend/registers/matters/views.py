"""The matter list in words: what each field is called and how its values are spelled."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from backend.foundation.accounts.queries import departments_of
from backend.plumbing.spreadsheets import NewSheet, write_xlsx
from backend.registers.matters.columns import cell_text, columns
from backend.registers.matters.models import Matter
from backend.registers.matters.queries import is_unread, snapshot_row
from backend.registers.matters.rules.differences import Row
from backend.registers.matters.rules.ratios import ratio_words, read_ratio
from backend.registers.matters.rules.words import STATUSES

LABELS = {
    **{column.field: column.heading for column in columns({})},
    "ratio": "按多少执行",
    "ratio_share": "按多少执行",
    "status": "状态",
    "reason": "理由",
}


def ratio_of_row(row: Row) -> str:
    """A matter's ratio as the list words it; where the words left it open, what a person said they mean."""
    words = row.get("ratio_text", "")
    meant = ratio_words(*(row.get("ratio") or (None, None)))
    if not words:
        return meant
    return words if read_ratio(words).certain else f"{words}（按 {meant} 执行）"


def ratio_of_matter(held: Matter) -> str:
    """The same of a matter as it stands; nothing is said for it while the question is open."""
    return held.ratio_text if is_unread(held) else ratio_of_row(snapshot_row(held))


def department_names(agency_id: int) -> dict[int, str]:
    """The agency's departments by id."""
    return {department.id: department.name for department in departments_of(agency_id)}


def speller(departments: Mapping[int, str]) -> Callable[[str, Any], str]:
    """Spells a field's value for the history and for differences."""

    def said(name: str, value: Any) -> str:
        if name == "status":
            return STATUSES.get(value, "")
        if name == "ratio":
            return ratio_words(*(value or (None, None)))
        return cell_text(name, value, departments)

    return said


def list_sheet(rows: Sequence[Row], departments: Mapping[int, str]) -> bytes:
    """An .xlsx of the list in the columns of the import, so that it comes in again as the same."""
    known = columns({})
    cells = [[cell_text(c.field, row.get(c.field), departments) for c in known] for row in rows]
    return write_xlsx([NewSheet("抽查事项清单", [column.heading for column in known], cells)])
