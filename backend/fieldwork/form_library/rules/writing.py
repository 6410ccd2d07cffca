"""A form as the template's sheets, and the empty template."""

from collections.abc import Iterator, Mapping
from typing import Any

from backend.core.sheets import BookSheet
from backend.fieldwork.checklists.values import FILE_TYPES
from backend.fieldwork.checklists.wording import RESULTS, SEVERITIES, TYPES
from backend.fieldwork.form_library.rules.conditions import rows_of
from backend.fieldwork.form_library.rules.layout import (
    CHOICES,
    COLUMNS,
    COMPARISONS,
    EFFECTS,
    FORM,
    FORM_HINTS,
    FORM_ROWS,
    ITEMS,
    LOGIC,
    MATTER_CLASSES,
    PHOTO_RULES,
    PREFILLS,
    VERIFIED,
    WHEN,
    YES_NO,
    letter,
)

Content = Mapping[str, Any]
Row = tuple[str, ...]


def sheets_of(form: Content) -> tuple[BookSheet, ...]:
    """The four sheets with a form in them. Raises NotExpressible for a condition the template cannot hold."""
    items = [item for section in form["sections"] for item in section["items"]]
    return (
        _sheet(FORM, tuple(_form_rows(form))),
        _sheet(ITEMS, tuple(row for section in form["sections"] for row in _item_rows(section))),
        _sheet(CHOICES, tuple(row for item in items for row in _choice_rows(item))),
        _sheet(LOGIC, tuple(_logic_rows(form))),
    )


def empty_sheets() -> tuple[BookSheet, ...]:
    """The template: a line for each thing to say of the form, drop-downs, and nothing else."""
    named = tuple((words, "", "", FORM_HINTS.get(name, "")) for name, words in FORM_ROWS.items())
    return (_sheet(FORM, named), _sheet(ITEMS, ()), _sheet(CHOICES, ()), _sheet(LOGIC, ()))


def _sheet(name: str, rows: tuple[Row, ...]) -> BookSheet:
    columns = COLUMNS[name]
    lists: dict[int, tuple[str, ...] | str] = {
        place: tuple(column.words.values()) for place, column in enumerate(columns) if column.words
    }
    if name in (CHOICES, LOGIC):
        field = "id" if name == CHOICES else "item"
        item = letter(ITEMS, "id")
        lists[[column.field for column in columns].index(field)] = f"{ITEMS}!${item}$2:${item}$1000"
    return BookSheet(
        name,
        tuple(column.heading for column in columns),
        rows,
        lists,
        tuple(column.width for column in columns),
        {place: column.hint for place, column in enumerate(columns) if column.hint},
    )


def _form_rows(form: Content) -> Iterator[Row]:
    for name, words in FORM_ROWS.items():
        hint = FORM_HINTS.get(name, "")
        if name == "bands":
            for band in form.get("bands", ()):
                yield (words, band["label"], str(band["atLeast"]), hint)
        elif name.startswith("suits."):
            for value in form.get("suits", {}).get(name.removeprefix("suits."), ()):
                yield (words, MATTER_CLASSES.get(value, value) if "Classes" in name else value, "", hint)
        else:
            value = form.get(name, ())
            for one in (value,) if isinstance(value, str | int) else value:
                yield (words, str(one), "", hint)


def _item_rows(section: Content) -> Iterator[Row]:
    for item in section["items"]:
        yield _item_row(item, {"section": section["id"], "sectionTitle": section["title"]})
        for column in item.get("columns", ()):
            yield _item_row(column, {"table": item["id"]})


def _item_row(item: Content, where: Mapping[str, str]) -> Row:
    counted = "Rows" if item["type"] == "table" else "Pieces" if item["type"] in FILE_TYPES else ""
    default = item.get("default", "")
    told = {
        **{name: str(value) for name, value in item.items() if isinstance(value, str | int)},
        **where,
        "type": TYPES[item["type"]],
        "required": YES_NO["yes" if item["required"] else "no"],
        "photo": PHOTO_RULES.get(item.get("photo", ""), ""),
        "verified": VERIFIED["yes" if item["verified"] else "no"] if "verified" in item else "",
        "severity": SEVERITIES.get(item.get("severity", ""), ""),
        "basis": "；".join(_law(one, item.get("verified", True)) for one in item.get("basis", ())),
        "fewest": str(item.get(f"min{counted}", "")) if counted else "",
        "most": str(item.get(f"max{counted}", "")) if counted else "",
        "default": "、".join(default) if isinstance(default, list) else default,
        "prefill": PREFILLS.get(item.get("prefill", ""), ""),
    }
    return tuple(told.get(column.field, "") for column in COLUMNS[ITEMS])


def _law(basis: Content, verified: bool) -> str:
    if not verified:
        return f"《{basis['law']}》"
    if basis.get("pending"):
        return f"《{basis['law']}》（待核）"
    if basis.get("unnumbered"):
        return f"《{basis['law']}》（无条号）"
    number, bracket, part = basis["article"].partition("(")
    return f"《{basis['law']}》第{number}条{bracket}{part}"


def _choice_rows(item: Content) -> Iterator[Row]:
    for field, table in ((item, ""), *((column, item["id"]) for column in item.get("columns", ()))):
        for choice in field.get("choices", ()):
            yield (field["id"], table, choice["value"], choice["label"], str(choice.get("points", "")))


def _logic_rows(form: Content) -> Iterator[Row]:
    types = {item["id"]: item["type"] for section in form["sections"] for item in section["items"]}
    for section in form["sections"]:
        yield from _conditions(section["id"], "relevant", section.get("relevant"), "", types)
        for item in section["items"]:
            yield from _conditions(item["id"], "relevant", item["relevant"], "", types)
            if "constraint" in item:
                told = item["constraint"]
                yield from _conditions(item["id"], "constraint", told["holds"], told["otherwise"], types)


def _conditions(
    target: str, effect: str, expression: Content | None, otherwise: str, types: Mapping[str, str]
) -> Iterator[Row]:
    for row in rows_of(expression) if expression else ():
        value = row.value
        if types.get(row.item) == "check" and row.comparison != "answered":
            value = "、".join(RESULTS.get(one, one) for one in value.split("、"))
        yield (
            target,
            EFFECTS[effect],
            row.group,
            WHEN,
            row.item,
            COMPARISONS[row.comparison],
            value,
            otherwise,
        )
