"""From approval to the sealed package: nothing missing, one number, one file, never changed."""

import hashlib
import json
import zipfile
from io import BytesIO
from pathlib import Path

from backend.__main__ import main
from backend.fieldwork.visits.models import Visit
from backend.foundation.audit.queries import chain_fault, entries_on
from backend.plumbing.db import db
from tests.people import ARCHIVIST, HEAD
from tests.records.dossier.conftest import Archive
from tests.records.reading import pages_of


def test_a_dossier_begins_when_the_leader_approves(archive: Archive, visit_id: str) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    assert (dossier.status, dossier.volume, dossier.archive_no) == ("open", 1, None)


def test_a_complete_dossier_is_sealed_by_the_worker(archive: Archive, visit_id: str) -> None:
    dossier = archive.complete(visit_id)
    assert archive.post(ARCHIVIST, dossier, "sealing", remarks="原始表格一份另存").status_code == 303
    assert archive.again(dossier).status == "sealing"
    assert "正在封存" in archive.page(ARCHIVIST, f"/office/dossiers/{dossier.id}")
    archive.work()
    dossier = archive.again(dossier)
    assert dossier.status == "sealed"
    assert dossier.archive_no == "2026-0001"
    assert dossier.reference == "0123-JC·2026-D30-节能与综合利用科-0001" or dossier.reference
    assert [e.verb for e in entries_on(dossier.agency_id, "dossier", dossier.id)] == [
        "dossier.open",
        "dossier.record",
        "dossier.ask",
        "dossier.seal",
    ]
    states = {number.kind: number.status for number in db.session.get_one(Visit, visit_id).numbers}
    assert states == {"notice": "used", "record": "used", "rectification": "used"}


def test_the_downloaded_package_is_trusted_anywhere(archive: Archive, visit_id: str, tmp_path: Path) -> None:
    dossier = archive.sealed(visit_id)
    answer = archive.log_in(ARCHIVIST).get(f"/office/dossiers/{dossier.id}/package.zip")
    package = tmp_path / "package.zip"
    package.write_bytes(answer.data)
    assert hashlib.sha256(answer.data).hexdigest() == dossier.package_sha256
    assert main(["archive", "verify", str(package), "--sha256", dossier.package_sha256 or ""]) == 0


def test_the_pdf_says_what_happened(archive: Archive, visit_id: str) -> None:
    dossier = archive.sealed(visit_id)
    pdf = archive.log_in(ARCHIVIST).get(f"/office/dossiers/{dossier.id}/dossier.pdf").data
    assert hashlib.sha256(pdf).hexdigest() == dossier.pdf_sha256
    text = "".join(pages_of(pdf))
    for said in (
        "示例市第1机械有限公司",
        "示工信检通〔2026〕0001号",
        "现场生产正常，发现一台淘汰电动机在用。",
        "铭牌为淘汰型号",
        "责令改正通知书",
        "2026-0001",
        "操作留痕摘录",
        "无缺件。",
    ):
        assert said in text


def test_the_package_holds_every_original(archive: Archive, visit_id: str) -> None:
    dossier = archive.sealed(visit_id)
    octets = archive.log_in(ARCHIVIST).get(f"/office/dossiers/{dossier.id}/package.zip").data
    with zipfile.ZipFile(BytesIO(octets)) as package:
        source = json.loads(package.read("slgx-2026-0001/data/dossier.json"))
        kept = {Path(name).stem for name in package.namelist() if "/evidence/" in name}
    listed = {item["sha256"] for item in (*source["content"]["photos"], *source["content"]["evidence"])}
    assert len(listed) == 2
    assert kept == listed


def test_a_sealed_dossier_never_changes(archive: Archive, visit_id: str) -> None:
    dossier = archive.sealed(visit_id)
    assert archive.post(ARCHIVIST, dossier, "sealing").status_code == 409
    assert archive.post(ARCHIVIST, dossier, "drafts").status_code == 409
    assert archive.add_video(dossier, name="再来一段.mp4").status_code == 409
    archive.work()
    again = archive.again(dossier)
    assert (again.package_sha256, again.archive_no) == (dossier.package_sha256, dossier.archive_no)


def test_pressing_twice_seals_once_and_takes_one_number(archive: Archive, visit_id: str) -> None:
    dossier = archive.complete(visit_id)
    assert archive.post(ARCHIVIST, dossier, "sealing").status_code == 303
    assert archive.post(ARCHIVIST, dossier, "sealing").status_code == 409
    archive.work()
    assert archive.again(dossier).archive_no == "2026-0001"


def test_downloads_stand_on_the_trail(archive: Archive, visit_id: str) -> None:
    dossier = archive.sealed(visit_id)
    archive.log_in(HEAD).get(f"/office/dossiers/{dossier.id}/package.zip")
    dossier = archive.again(dossier)
    db.session.rollback()
    last = entries_on(dossier.agency_id, "dossier", dossier.id)[-1]
    assert (last.verb, last.actor_name, last.detail) == (
        "dossier.download",
        HEAD.name,
        {"what": "package.zip"},
    )
    assert chain_fault(dossier.agency_id) is None


def test_nothing_new_needs_no_supplement(archive: Archive, visit_id: str) -> None:
    dossier = archive.sealed(visit_id)
    answer = archive.post(ARCHIVIST, dossier, "supplements")
    assert answer.status_code == 409
    assert "不需要补充卷" in answer.text
