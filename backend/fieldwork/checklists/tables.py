"""The rows of a table item. Pure; its twin is pwa/src/engine/tables.ts.

Every cell is an answer of its own, at `<item>/rows/<row>/<column>` below the checklist: two phones that add rows, or fill
different cells of one row, both keep what they wrote, and only one and the same cell can become a conflict. A row is
there while any of its cells is filled; taking it away blanks its cells.
"""

import re
from collections.abc import Mapping
from typing import Any

from backend.fieldwork.checklists.values import Item, is_blank

Rows = Mapping[str, Mapping[str, Any]]

_CELL = re.compile(r"([a-z][a-zA-Z0-9]{1,39})/rows/([0-9a-f-]{1,36})/([a-z][a-zA-Z0-9]{1,39})\Z")


def cell_name(item: str, row: str, column: str) -> str:
    """Where a cell stands below its checklist."""
    return f"{item}/rows/{row}/{column}"


def place_of(name: str) -> tuple[str, str, str] | None:
    """The item, row and column of a cell's name; None if it is no such name."""
    found = _CELL.match(name)
    return (found[1], found[2], found[3]) if found else None


def rows_by_item(answers: Mapping[str, Any]) -> dict[str, dict[str, dict[str, Any]]]:
    """All filled cells as item → row → column → value."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for name, value in answers.items():
        place = None if is_blank(value) else place_of(name)
        if place:
            item, row, column = place
            found.setdefault(item, {}).setdefault(row, {})[column] = value
    return found


def rows_of(item: Item, cells: Rows) -> list[tuple[str, Mapping[str, Any]]]:
    """The rows of one table in the order of their ids, which is the order they were made in; unknown columns left out."""
    known = {column["id"] for column in item["columns"]}
    rows = ((row, {name: cells[row][name] for name in cells[row] if name in known}) for row in sorted(cells))
    return [(row, kept) for row, kept in rows if kept]
