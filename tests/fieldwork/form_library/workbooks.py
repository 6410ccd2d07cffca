"""Workbooks as an author would send them: a shipped form in the template, with single cells written over."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import replace
from typing import Any

from backend.core.sheets import BookSheet
from backend.fieldwork.checklists.definitions import CompiledForm, forms_folder, load_forms
from backend.fieldwork.form_library.rules.layout import COLUMNS
from backend.fieldwork.form_library.rules.writing import sheets_of
from backend.plumbing.workbooks import write_book

KEY = "zibo-industry/civil-explosives"
Change = Callable[[dict[str, Any]], None]


def shipped(key: str = KEY) -> CompiledForm:
    """A form as it comes with the product."""
    return load_forms(forms_folder())[key]


def book_of(content: Mapping[str, Any], cells: Mapping[str, str] | None = None) -> bytes:
    """The form in the template; `cells` are written over it, by `sheet!field@row`."""
    sheets = {sheet.name: sheet for sheet in sheets_of(content)}
    for address, words in (cells or {}).items():
        name, _, place = address.partition("!")
        field, _, row = place.partition("@")
        sheets[name] = _written_over(sheets[name], field, int(row), words)
    return write_book(sheets.values())


def next_version(change: Change | None = None, key: str = KEY) -> dict[str, Any]:
    """The shipped form with the next number, changed as wished."""
    content = deepcopy(dict(shipped(key).content))
    content["version"] += 1
    if change:
        change(content)
    return content


def _written_over(sheet: BookSheet, field: str, row: int, words: str) -> BookSheet:
    place = [column.field for column in COLUMNS[sheet.name]].index(field)
    rows = [list(one) for one in sheet.rows]
    while len(rows) < row - 1:
        rows.append([""] * len(sheet.headings))
    rows[row - 2][place] = words
    return replace(sheet, rows=tuple(tuple(one) for one in rows))
