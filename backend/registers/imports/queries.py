"""What a file would do to its register: read, checked and compared, without changing anything."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from backend.core.errors import NOT_FOUND, Refusal
from backend.core.sheets import Sheet
from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.db import db
from backend.plumbing.files import store
from backend.plumbing.spreadsheets import NewSheet, read_sheet, write_xlsx
from backend.registers.columns.rules import (
    BadRow,
    Comparison,
    check_headings,
    check_rows,
    compare,
    demands_of,
    heading_of,
)
from backend.registers.imports.models import ImportFile
from backend.registers.imports.registers import Register, register

REASON_HEADING = "问题和改法"


@dataclass(frozen=True)
class Verdict:
    """A checked file: read = new + updated + same + refused."""

    sheet: Sheet
    unread: tuple[str, ...]
    """Headings that the register does not know; their cells are left aside."""
    comparison: Comparison
    bad: tuple[BadRow, ...]

    @property
    def counts(self) -> dict[str, int]:
        return {
            "read": len(self.sheet.rows),
            "new": len(self.comparison.new),
            "updated": len(self.comparison.updated),
            "same": self.comparison.same,
            "refused": len(self.bad),
        }


def uploaded(agency_id: int, file_id: int) -> ImportFile:
    """One uploaded file of the agency; refused when not there or not theirs."""
    found = db.session.get(ImportFile, file_id)
    if found is None or found.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="导入的文件")
    return found


def verdict_on(actor: Actor, held: ImportFile) -> Verdict:
    """The uploaded file against the register as it stands now, with the cells mended on the page."""
    with store().open(stored_name(held.sha256)) as content:
        return check(actor, register(held.register), content.read(), held.filename, held.mended)


def check(
    actor: Actor, target: Register, content: bytes, filename: str, mended: Mapping[str, str]
) -> Verdict:
    """Read a file and say what it would do. Refuses a file that is no table or lacks a column it must have."""
    sheet = _with_mended(read_sheet(content, filename), mended)
    columns = target.columns(actor.agency_id)
    profile = profile_for(actor.agency_id)
    demands = demands_of(columns, profile.words(target.demanded_by), profile.cite(target.demanded_by))
    check_headings(columns, sheet.headings, demands, filename)
    standing = target.standing(actor.agency_id)
    good, bad = check_rows(columns, sheet, demands, target.key_field, target.row_check(actor, standing))
    known = {heading_of(column, sheet.headings) for column in columns}
    unread = tuple(name for name in sheet.headings if name not in known and name != REASON_HEADING)
    return Verdict(sheet, unread, compare(good, standing, target.key_field), tuple(bad))


def stored_name(sha256: str) -> str:
    """Where an uploaded file's bytes lie in the store."""
    return f"imports/{sha256}"


def refused_rows_sheet(verdict: Verdict) -> bytes:
    """An .xlsx of the bad rows as they were entered, each with its reasons in the last column: mend it and upload it."""
    headings = [name for name in verdict.sheet.headings if name != REASON_HEADING]
    rows = (
        [
            *(row.entered.cells[name].text if name in row.entered.cells else "" for name in headings),
            "；".join(map(str, row.faults)),
        ]
        for row in verdict.bad
    )
    return write_xlsx([NewSheet("错误行", [*headings, REASON_HEADING], rows)])


def template_sheet(target: Register, agency_id: int) -> bytes:
    """An .xlsx with the register's headings and example rows, and a second sheet saying what each column takes."""
    columns = target.columns(agency_id)
    profile = profile_for(agency_id)
    demands = demands_of(columns, profile.words(target.demanded_by), profile.cite(target.demanded_by))
    examples = ([example.get(column.field, "") for column in columns] for example in target.examples)
    guide = ([c.heading, "必填" if c.field in demands else "可不填", c.help] for c in columns)
    return write_xlsx(
        [
            NewSheet(target.label, [column.heading for column in columns], examples),
            NewSheet("填写说明", ["列名", "是否必填", "怎么填"], guide),
        ]
    )


def _with_mended(sheet: Sheet, mended: Mapping[str, str]) -> Sheet:
    if not mended:
        return sheet
    rows = tuple(
        replace(
            row,
            cells={
                heading: replace(cell, text=mended[cell.address], damaged=False)
                if cell.address in mended
                else cell
                for heading, cell in row.cells.items()
            },
        )
        for row in sheet.rows
    )
    return replace(sheet, rows=rows)
