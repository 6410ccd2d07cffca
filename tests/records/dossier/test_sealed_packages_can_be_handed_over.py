"""`archive export`: every sealed package in a folder with SHA256SUMS; nothing is overwritten, a bad one is named."""

from pathlib import Path

from flask import Flask

from backend.__main__ import main
from backend.records.dossier.exporting import export_packages
from tests.people import ARCHIVIST
from tests.records.dossier.conftest import Archive

NAME = "2026-0001 示例市第1机械有限公司.zip"


def export(archive: Archive, agency_id: int, folder: Path, year: int | None = None) -> list[tuple[str, str]]:
    return [(each.name, each.fault) for each in export_packages(agency_id, year, folder)]


def test_packages_are_copied_whole_with_their_sums(archive: Archive, visit_id: str, tmp_path: Path) -> None:
    dossier = archive.sealed(visit_id)
    folder = tmp_path / "handed over"
    assert export(archive, dossier.agency_id, folder) == [(NAME, "")]
    assert (folder / "SHA256SUMS").read_text() == f"{dossier.package_sha256}  {NAME}\n"
    assert main(["archive", "verify", str(folder / NAME), "--sha256", dossier.package_sha256 or ""]) == 0
    assert export(archive, dossier.agency_id, folder) == [(NAME, "")]
    assert export(archive, dossier.agency_id, tmp_path / "other year", 2025) == []


def test_a_file_of_that_name_is_not_overwritten(archive: Archive, visit_id: str, tmp_path: Path) -> None:
    dossier = archive.sealed(visit_id)
    (tmp_path / NAME).write_bytes(b"something else")
    assert export(archive, dossier.agency_id, tmp_path) == [
        (NAME, "目标文件夹里已有同名文件，内容不同，没有覆盖")
    ]
    assert (tmp_path / NAME).read_bytes() == b"something else"


def test_a_package_that_rotted_in_the_store_is_named(archive: Archive, visit_id: str, tmp_path: Path) -> None:
    dossier = archive.sealed(visit_id)
    stored = archive.app.extensions["store"].path(f"{dossier.folder}/package.zip")
    stored.write_bytes(stored.read_bytes()[:-1] + b"x")
    assert export(archive, dossier.agency_id, tmp_path / "out") == [
        (NAME, "存放的档案包与封存时的指纹不符，没有导出")
    ]
    assert not (tmp_path / "out" / NAME).exists()


def test_an_agency_hands_over_only_its_own(
    archive: Archive, visit_id: str, tmp_path: Path, app: Flask
) -> None:
    dossier = archive.sealed(visit_id)
    assert archive.page(ARCHIVIST, "/office/dossiers")
    assert export(archive, dossier.agency_id + 1, tmp_path) == []
