"""`yaohao import entities|inspectors|matters FILE --agency CODE`: the same path as the office page."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from backend.core.errors import UNREADABLE_SHEET, Refusal
from backend.foundation.accounts.queries import agency_by_code
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.registers.imports.actions import drop, import_rows, upload
from backend.registers.imports.models import ImportFile
from backend.registers.imports.queries import bad_rows, refused_rows_of
from backend.registers.imports.registers import REGISTERS


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    importing = commands.add_parser("import", help="fill a register from a spreadsheet")
    importing.add_argument("register", choices=list(REGISTERS))
    importing.add_argument("file", type=Path, metavar="FILE", help=".xlsx, or .csv in UTF-8 or GB18030")
    importing.add_argument("--agency", required=True, metavar="CODE", help="the agency's short code")
    importing.add_argument(
        "--good-rows",
        action="store_true",
        help="import the good rows and write the bad ones to FILE.refused.xlsx",
    )
    importing.set_defaults(run=_import, in_app=True)


def _import(chosen: argparse.Namespace) -> int:
    agency = agency_by_code(chosen.agency)
    actor = Actor(0, agency.id, None, "命令行", frozenset({Role.ADMIN}))
    held = upload(actor, chosen.register, chosen.file.name, _content(chosen.file), wait=True)
    if held.counts["refused"] and not chosen.good_rows:
        _name_faults(held)
        drop(actor, held.id)
        _tell(held.counts, imported=False)
        return 1
    held = import_rows(actor, held.id, good_rows_only=chosen.good_rows, wait=True)
    if held.counts["refused"]:
        _name_faults(held)
        refused = chosen.file.with_suffix(".refused.xlsx")
        refused.write_bytes(refused_rows_of(held))
        print(f"有错的行写在 {refused}", file=sys.stderr)
    _tell(held.counts, imported=True)
    return 0


def _name_faults(held: ImportFile) -> None:
    shown = bad_rows(held)
    for row in shown:
        for fault in row.faults:
            print(fault, file=sys.stderr)
    if held.counts["refused"] > len(shown):
        print(f"……共 {held.counts['refused']} 行有错", file=sys.stderr)


def _tell(counts: Mapping[str, int], imported: bool) -> None:
    done = f"新增 {counts['new']}，更新 {counts['updated']}" if imported else "没有导入任何一行"
    print(f"读到 {counts['read']} 行：{done}，没有变化 {counts['same']}，有错 {counts['refused']}")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Refusal(UNREADABLE_SHEET, filename=path.name, detail=error.strerror or "打不开") from error
