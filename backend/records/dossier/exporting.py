"""Sealed packages handed over in a folder: each copied whole or not at all, with the list of their fingerprints."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from backend.plumbing.files import store
from backend.records.dossier.models import Dossier
from backend.records.dossier.package import package_file_name
from backend.records.dossier.printing import PACKAGE
from backend.records.dossier.queries import sealed_dossiers, visits_behind

SUMS = "SHA256SUMS"
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Exported:
    """One package and what became of it; `fault` is empty where it was copied, or lay there already."""

    name: str
    sha256: str
    fault: str = ""


def export_packages(agency_id: int, year: int | None, folder: Path) -> Iterator[Exported]:
    """Copy every sealed package of the agency (of one archive year) into `folder`; one fault never stops the rest."""
    folder.mkdir(parents=True, exist_ok=True)
    dossiers = sealed_dossiers(agency_id, year)
    visits = visits_behind(dossiers)
    listed = []
    for dossier in dossiers:
        party = visits[dossier.visit_id].entity_snapshot["name"]
        name = package_file_name(party, dossier.archive_no, dossier.volume, "zip").replace("/", "_")
        exported = _copy(dossier, folder / name)
        if not exported.fault:
            listed.append(f"{exported.sha256}  {name}\n")
        yield exported
    _write(folder / SUMS, [line.encode() for line in listed])


def _copy(dossier: Dossier, target: Path) -> Exported:
    sealed = dossier.package_sha256 or ""
    if target.exists():
        with target.open("rb") as there:
            same = _sha256(there) == sealed
        return Exported(target.name, sealed, "" if same else "目标文件夹里已有同名文件，内容不同，没有覆盖")
    try:
        with store().open(f"{dossier.folder}/{PACKAGE}") as package:
            if _sha256(package) != sealed:
                return Exported(target.name, sealed, "存放的档案包与封存时的指纹不符，没有导出")
            package.seek(0)
            _write(target, iter(lambda: package.read(_BLOCK), b""))
    except OSError as broken:
        return Exported(target.name, sealed, f"读写不成：{broken.strerror}")
    return Exported(target.name, sealed)


def _write(target: Path, pieces: Iterator[bytes] | list[bytes]) -> None:
    descriptor, partial = tempfile.mkstemp(dir=target.parent, prefix=".partial-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, target)
    except BaseException:
        os.unlink(partial)
        raise


def _sha256(file: BinaryIO) -> str:
    seen = hashlib.sha256()
    while block := file.read(_BLOCK):
        seen.update(block)
    return seen.hexdigest()
