"""Whatever stops a sealing is said, the dossier is open again, its number stays its own, and the next try succeeds."""

from collections.abc import Callable
from typing import Any

import pytest

from backend.fieldwork.evidence.models import Evidence
from backend.foundation.audit.models import AuditEntry
from backend.foundation.jobs.actions import TRIES, work_once
from backend.foundation.jobs.models import Job
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db, transaction
from backend.records.dossier import printing
from backend.records.dossier.models import Dossier
from tests.people import ARCHIVIST, Person
from tests.records.dossier.conftest import Archive


def caption(visit_id: str, words: str) -> None:
    with transaction():
        for row in db.session.query(Evidence).filter_by(visit_id=visit_id):
            row.caption = words


def test_a_character_nobody_can_print(archive: Archive, visit_id: str) -> None:
    dossier = archive.complete(visit_id)
    caption(visit_id, "电动机🏭")
    archive.post(ARCHIVIST, dossier, "sealing")
    archive.work()
    dossier = archive.again(dossier)
    assert (dossier.status, dossier.archive_no, dossier.package_sha256) == ("open", "2026-0001", None)
    assert "照片（photos[1].caption）：🏭（U+1F3ED）" in archive.page(
        ARCHIVIST, f"/office/dossiers/{dossier.id}"
    )
    caption(visit_id, "电动机")
    archive.post(ARCHIVIST, dossier, "sealing")
    archive.work()
    assert archive.again(dossier).status == "sealed"
    assert archive.again(dossier).archive_no == "2026-0001"


def test_an_original_that_rotted_is_named_and_nothing_is_sealed(archive: Archive, visit_id: str) -> None:
    dossier = archive.complete(visit_id)
    sha = db.session.query(Evidence).filter_by(visit_id=visit_id).one().sha
    original = archive.app.extensions["store"].path(f"evidence/{sha}")
    original.write_bytes(original.read_bytes() + b"x")
    archive.post(ARCHIVIST, dossier, "sealing")
    archive.work()
    assert archive.again(dossier).status == "open"
    assert sha in archive.page(ARCHIVIST, f"/office/dossiers/{dossier.id}")


def test_a_worker_that_dies_is_followed_by_another(
    archive: Archive, visit_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = archive.complete(visit_id)
    archive.post(ARCHIVIST, dossier, "sealing")
    with monkeypatch.context() as broken:
        broken.setattr(printing, "_keep_package", _dies)
        assert work_once()
    assert archive.again(dossier).status == "sealing"
    archive.work()
    assert archive.again(dossier).status == "sealed"


def test_a_second_worker_that_comes_late_does_not_seal_again(
    archive: Archive, visit_id: str, acting: Callable[[Person], Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = archive.complete(visit_id)
    archive.post(ARCHIVIST, dossier, "sealing")
    pack = printing._keep_package
    packed: list[int] = []

    def overtaken(*arguments: Any) -> tuple[str, int]:
        if not packed:
            packed.append(1)
            job = db.session.query(Job).order_by(Job.id.desc()).first()
            assert job is not None
            printing.seal(acting(ARCHIVIST), job)
        return pack(*arguments)

    monkeypatch.setattr(printing, "_keep_package", overtaken)
    archive.work()
    db.session.rollback()
    assert archive.again(dossier).status == "sealed"
    assert db.session.query(AuditEntry).filter_by(verb="dossier.seal").count() == 1


def test_after_the_last_try_the_archivist_can_ask_again(
    archive: Archive, visit_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    dossier = archive.complete(visit_id)
    archive.post(ARCHIVIST, dossier, "sealing")
    with monkeypatch.context() as broken:
        broken.setattr(printing, "_keep_package", _dies)
        for _ in range(TRIES):
            work_once()
    db.session.rollback()
    assert db.session.query(Job).order_by(Job.id.desc()).first().state == "failed"  # type: ignore[union-attr]
    assert archive.post(ARCHIVIST, dossier, "sealing").status_code == 303
    archive.work()
    assert archive.again(dossier).status == "sealed"


def test_a_second_visit_takes_the_next_number(archive: Archive, dispatch: object) -> None:
    numbers = []
    for number in (1, 2):
        dossier = archive.sealed(dispatch(number))  # type: ignore[operator]
        numbers.append(dossier.archive_no)
    assert numbers == ["2026-0001", "2026-0002"]
    assert db.session.query(Dossier).count() == 2


def _dies(*_arguments: object) -> None:
    raise RuntimeError("the machine went away")
