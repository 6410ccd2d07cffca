"""A form out as a workbook and in again: the same form, or its faults by their cells."""

from functools import lru_cache

from jsonschema import Draft202012Validator

from backend.core.canonical_json import digest
from backend.core.errors import FORM_NOT_EXPRESSIBLE, Refusal
from backend.fieldwork.checklists.definitions import (
    CompiledForm,
    faults_of_meaning,
    form_schema,
    forms_folder,
)
from backend.fieldwork.form_library.rules.conditions import NotExpressible
from backend.fieldwork.form_library.rules.faults import in_order, of_meaning, of_shape
from backend.fieldwork.form_library.rules.reading import CellFault, ReadForm, read_form
from backend.fieldwork.form_library.rules.writing import empty_sheets, sheets_of
from backend.plumbing.workbooks import read_book, write_book


def template() -> bytes:
    """The empty template."""
    return write_book(empty_sheets())


def exported(form: CompiledForm) -> bytes:
    """The form as a workbook that reads back as exactly this form. Refused where the template cannot hold it."""
    try:
        book = write_book(sheets_of(form.content))
    except NotExpressible as error:
        raise Refusal(FORM_NOT_EXPRESSIBLE) from error
    again, faults = imported(book, f"{form.key}.xlsx")
    if faults or again is None or again.sha != form.sha:
        raise Refusal(FORM_NOT_EXPRESSIBLE)
    return book


def imported(content: bytes, filename: str) -> tuple[CompiledForm | None, list[CellFault]]:
    """The form of a workbook, or what is wrong with it, cell by cell."""
    read = read_form(read_book(content, filename))
    faults = list(read.faults)
    if "sections" in read.content:
        told = {fault.address for fault in faults}
        faults += [
            fault for fault in _faults_of_shape(read) if fault.address not in told | read.untyped_cells()
        ]
    faults = faults or [of_meaning(fault, read) for fault in faults_of_meaning(read.content)]
    if faults:
        return None, in_order(faults)
    form = read.content
    return CompiledForm(form["key"], form["version"], digest(form), form), []


def _faults_of_shape(read: ReadForm) -> list[CellFault]:
    return [
        of_shape(list(error.absolute_path), str(error.validator), error.message, read)
        for error in _schema().iter_errors(read.content)
    ]


@lru_cache(maxsize=1)
def _schema() -> Draft202012Validator:
    return form_schema(forms_folder())
