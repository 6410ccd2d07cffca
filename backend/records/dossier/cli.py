"""`yaohao archive verify PACKAGE` and `yaohao archive export`: one line each, exit status 0 only where all is well."""

import argparse
import hashlib
from collections.abc import Callable
from pathlib import Path

from backend.foundation.accounts.queries import agency_by_code
from backend.records.dossier.exporting import export_packages
from backend.records.dossier.verification import verify


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    archive = commands.add_parser("archive", help="sealed dossiers")
    verbs = archive.add_subparsers(required=True, metavar="VERB")
    check = verbs.add_parser("verify", help="check a package; needs no database and no network")
    check.add_argument("package", type=Path)
    check.add_argument("--sha256", help="the package's SHA-256 as recorded when it was sealed")
    check.set_defaults(run=verify_package)
    export = verbs.add_parser("export", help="copy sealed packages into a folder, with their SHA256SUMS")
    export.add_argument("folder", type=Path)
    export.add_argument("--agency", required=True, help="the agency's short code")
    export.add_argument("--year", type=int, help="only this archive year")
    export.set_defaults(run=export_sealed, in_app=True)


def verify_package(arguments: argparse.Namespace, say: Callable[[str], None] = print) -> int:
    """Say what holds and what does not about `arguments.package`."""
    package: Path = arguments.package
    if not package.is_file():
        say(f"✗ 没有这个文件：{package}")
        return 2
    findings = verify(package, arguments.sha256)
    for finding in findings:
        verdict = f"：{finding.fault}" if finding.fault else ""
        say(f"{'✓' if finding.holds else '✗'} {finding.check}　{finding.file}{verdict}")
    if not all(finding.holds for finding in findings):
        say("不可信：内容与封存时不同。")
        return 1
    with package.open("rb") as file:
        say(f"整包指纹 SHA-256 {hashlib.file_digest(file, 'sha256').hexdigest()}")
    say("可信：与封存时一致。" if arguments.sha256 else "自洽：各项指纹相符。请与封存时登记的整包指纹比对。")
    return 0


def export_sealed(arguments: argparse.Namespace, say: Callable[[str], None] = print) -> int:
    """Copy the agency's sealed packages, saying what became of each."""
    found = list(export_packages(agency_by_code(arguments.agency).id, arguments.year, arguments.folder))
    for each in found:
        say(f"{'✗' if each.fault else '✓'} {each.name}{'：' if each.fault else ''}{each.fault}")
    failed = sum(bool(each.fault) for each in found)
    say(f"已导出 {len(found) - failed} 份" + (f"，{failed} 份没有导出" if failed else ""))
    return 1 if failed else 0
