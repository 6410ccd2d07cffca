"""The form engine: which items count, what is answered, what is missing. Pure; held to forms/cases with its TypeScript twin.

A form is its canonical JSON (forms/schema.json says what each part means); answers are `{item id: value}` with a table's
cells at `<item>/rows/<row>/<column>`, pieces `{item id: how many files}`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backend.fieldwork.checklists.expressions import holds, named_in
from backend.fieldwork.checklists.scoring import Score, score_of
from backend.fieldwork.checklists.tables import Rows, cell_name, place_of, rows_by_item, rows_of
from backend.fieldwork.checklists.values import FILE_TYPES, Item, is_blank, why_invalid

Content = Mapping[str, Any]


@dataclass(frozen=True)
class Assessment:
    """What one checklist amounts to so far; every list is in form order. A cell is named `<item>/rows/<row>/<column>`."""

    relevant: tuple[str, ...]
    missing: tuple[str, ...]
    missing_photos: tuple[str, ...]
    missing_problems: tuple[str, ...]
    invalid: Mapping[str, str]
    answered: int
    score: Score | None

    @property
    def total(self) -> int:
        return len(self.relevant)

    @property
    def complete(self) -> bool:
        return not (self.missing or self.missing_photos or self.missing_problems or self.invalid)


def items_of(form: Content) -> Iterator[Item]:
    """Every item in form order."""
    for section in form["sections"]:
        yield from section["items"]


def numbers_of(form: Content) -> dict[str, str]:
    """Item id → its number, `section.place`: the same on the phone, in the office and in print, whoever is asked what."""
    return {
        item["id"]: f"{section_number}.{place}"
        for section_number, section in enumerate(form["sections"], 1)
        for place, item in enumerate(section["items"], 1)
    }


def has_place(form: Content, name: str) -> bool:
    """Whether an answer may stand at `name` below the form's checklist: an item, or a cell of a table."""
    cell = place_of(name)
    if cell is None:
        return any(item["id"] == name for item in items_of(form))
    return any(
        item["id"] == cell[0] and any(column["id"] == cell[2] for column in item.get("columns", ()))
        for item in items_of(form)
    )


def assess(form: Content, answers: Mapping[str, Any], pieces: Mapping[str, int]) -> Assessment:
    """Go through the form once, in order, and say what is relevant, answered, missing and invalid."""
    reading = _Reading(answers, pieces)
    for section in form["sections"]:
        if holds(section.get("relevant"), reading.known):
            for item in section["items"]:
                if holds(item["relevant"], reading.known):
                    reading.take(item)
    complete = not (reading.missing or reading.missing_photos or reading.missing_problems or reading.invalid)
    return Assessment(
        tuple(item["id"] for item in reading.relevant),
        tuple(reading.missing),
        tuple(reading.missing_photos),
        tuple(reading.missing_problems),
        reading.invalid,
        len(reading.known),
        score_of(form, reading.relevant, reading.known, complete),
    )


def proposals(form: Content, facts: Mapping[str, str]) -> dict[str, Any]:
    """What a form offers before anybody answers: what the directory says of the entity, else the form's default.

    `facts`: `entity.name` and so on. An offer is no answer until a person takes it.
    """
    offered = {}
    for item in items_of(form):
        known = facts.get(item["prefill"]) if "prefill" in item else None
        value = item.get("default") if is_blank(known) else known
        if not is_blank(value) and why_invalid(item, value) is None:
            offered[item["id"]] = value
    return offered


def counts_for(item: Item, mime: str) -> bool:
    """Whether a file of this type is a piece of what the item asks for; every other item takes any file."""
    return mime.startswith(FILE_TYPES.get(item["type"], ""))


class _Reading:
    """One pass over a form: what is known so far, and what was found wanting."""

    def __init__(self, answers: Mapping[str, Any], pieces: Mapping[str, int]) -> None:
        self.answers, self.pieces, self.cells = answers, pieces, rows_by_item(answers)
        self.known: dict[str, tuple[Item, Any]] = {}
        self.relevant: list[Item] = []
        self.missing: list[str] = []
        self.missing_photos: list[str] = []
        self.missing_problems: list[str] = []
        self.invalid: dict[str, str] = {}

    def take(self, item: Item) -> None:
        self.relevant.append(item)
        name, value = item["id"], self.answers.get(item["id"])
        if not is_blank(value):
            self._take_value(item, value)
        elif item["type"] == "table":
            self._take_rows(item, self.cells.get(name, {}))
        elif item["type"] in FILE_TYPES:
            self._take_files(item, self.pieces.get(name, 0))
        elif item["required"]:
            self.missing.append(name)
        if _asks_for_photo(item, self.known.get(name)) and not self.pieces.get(name):
            self.missing_photos.append(name)

    def _take_value(self, item: Item, value: Any) -> None:
        name = item["id"]
        reason = why_invalid(item, value) or self._breaks_constraint(item, value)
        if reason:
            self.invalid[name] = reason
            return
        self.known[name] = (item, value)
        if item["type"] == "check" and value["result"] == "fail" and is_blank(value.get("problem")):
            self.missing_problems.append(name)

    def _breaks_constraint(self, item: Item, value: Any) -> str | None:
        """A constraint is judged once all it names is answered."""
        if "constraint" not in item:
            return None
        expression, known = item["constraint"]["holds"], {**self.known, item["id"]: (item, value)}
        if all(name in known for name in named_in(expression)) and not holds(expression, known):
            return "constraint"
        return None

    def _take_files(self, item: Item, count: int) -> None:
        name = item["id"]
        if count == 0:
            if item["required"]:
                self.missing.append(name)
        elif count < item.get("minPieces", 1):
            self.invalid[name] = "too-few-files"
        elif "maxPieces" in item and count > item["maxPieces"]:
            self.invalid[name] = "too-many-files"
        else:
            self.known[name] = (item, count)

    def _take_rows(self, item: Item, cells: Rows) -> None:
        name, rows = item["id"], rows_of(item, cells)
        faults = len(self.missing) + len(self.invalid)
        if not rows:
            if item["required"]:
                self.missing.append(name)
            return
        if len(rows) < item.get("minRows", 1):
            self.invalid[name] = "too-few-rows"
        elif "maxRows" in item and len(rows) > item["maxRows"]:
            self.invalid[name] = "too-many-rows"
        for row, filled in rows:
            self._take_row(item, row, filled)
        if len(self.missing) + len(self.invalid) == faults:
            self.known[name] = (item, len(rows))

    def _take_row(self, item: Item, row: str, filled: Mapping[str, Any]) -> None:
        for column in item["columns"]:
            name = cell_name(item["id"], row, column["id"])
            if column["id"] not in filled:
                if column["required"]:
                    self.missing.append(name)
            elif reason := why_invalid(column, filled[column["id"]]):
                self.invalid[name] = reason


def _asks_for_photo(item: Item, answered: tuple[Item, Any] | None) -> bool:
    result = answered[1]["result"] if answered and item["type"] == "check" else None
    if item["photo"] == "always":
        return result != "na"
    return item["photo"] == "on-fail" and result == "fail"
