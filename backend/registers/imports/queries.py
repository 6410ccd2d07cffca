"""Reads of uploaded files: what was found in one, its refused rows, and the register's empty spreadsheet."""

from dataclasses import dataclass

from sqlalchemy import select

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.accounts.queries import departments_of
from backend.foundation.jobs.models import Job
from backend.plumbing.db import db
from backend.plumbing.files import store
from backend.plumbing.spreadsheets import NewSheet, write_xlsx
from backend.registers.columns.rules import Column, Demands, Fault
from backend.registers.imports.checking import demands_upon
from backend.registers.imports.models import ImportFile, ImportGone
from backend.registers.imports.refused_rows import fault_from
from backend.registers.imports.registers import Register


@dataclass(frozen=True)
class ShownRow:
    """One bad row on the page."""

    number: int
    faults: tuple[Fault, ...]


def uploaded(agency_id: int, file_id: int) -> ImportFile:
    """One uploaded file of the agency; refused when not there or not theirs."""
    found = db.session.get(ImportFile, file_id)
    if found is None or found.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="导入的文件")
    return found


def bad_rows(held: ImportFile) -> list[ShownRow]:
    """The first bad rows of a checked file, with what is wrong in each cell."""
    return [ShownRow(row["number"], tuple(map(fault_from, row["faults"]))) for row in held.faults]


def refused_rows_of(held: ImportFile) -> bytes:
    """The spreadsheet of all bad rows; refused when there is none."""
    if not held.refused_file or not store().exists(held.refused_file):
        raise Refusal(NOT_FOUND, what="错误行")
    return store().read(held.refused_file)


def content_of(held: ImportFile) -> bytes:
    """The file as it was handed in."""
    return store().read(stored_name(held.sha256))


def stored_name(sha256: str) -> str:
    """Where an uploaded file's bytes lie in the store."""
    return f"imports/{sha256}"


def gone_rows(held: ImportFile) -> list[ImportGone]:
    """What the register has and a complete file does not hold."""
    query = select(ImportGone).where(ImportGone.file_id == held.id)
    return list(db.session.scalars(query.order_by(ImportGone.record_id)))


def job_behind(held: ImportFile) -> Job | None:
    """The job that works on the file, if one does."""
    return db.session.get(Job, held.job_id) if held.job_id is not None else None


def files_of(agency_id: int, register_key: str, limit: int) -> list[ImportFile]:
    """The newest uploads for a register."""
    query = select(ImportFile).where(ImportFile.agency_id == agency_id, ImportFile.register == register_key)
    return list(db.session.scalars(query.order_by(ImportFile.id.desc()).limit(limit)))


def _own_word(column: Column, demands: Demands, agency_id: int) -> str:
    """What an example can only take from the agency itself, where the cell must be filled: one of its departments."""
    if column.field != "department_id" or column.field not in demands:
        return ""
    return next((department.name for department in departments_of(agency_id)), "")


def template_sheet(target: Register, agency_id: int) -> bytes:
    """An .xlsx with the register's headings and example rows, and a second sheet saying what each column takes."""
    columns = target.columns(agency_id)
    demands = demands_upon(target, columns, agency_id)
    examples = (
        [example.get(column.field, "") or _own_word(column, demands, agency_id) for column in columns]
        for example in target.examples
    )
    guide = ([c.heading, "必填" if c.field in demands else "可不填", c.help] for c in columns)
    return write_xlsx(
        [
            NewSheet(target.label, [column.heading for column in columns], examples),
            NewSheet("填写说明", ["列名", "是否必填", "怎么填"], guide),
        ]
    )
