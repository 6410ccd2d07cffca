"""Files of the body camera come in from an office PC: hashed, listed, packed; wrong ones are refused with a reason."""

from collections.abc import Callable
from io import BytesIO

import pytest

from backend.core.errors import DOSSIER_SEALED, Refusal
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db, transaction
from backend.records.dossier.actions import add_recording
from backend.records.dossier.evidence_parts import recordings_of
from backend.records.dossier.models import Dossier
from tests.people import ARCHIVIST, Person
from tests.records.dossier.conftest import Archive
from tests.records.specimens import VIDEO, sha256_of


def test_a_recording_fills_its_gap(archive: Archive, visit_id: str) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    address = f"/office/dossiers/{dossier.id}"
    assert "缺：执法记录仪文件" in archive.page(ARCHIVIST, address)
    assert archive.add_video(dossier).status_code == 303
    page = archive.page(ARCHIVIST, address)
    assert "缺：执法记录仪文件" not in page
    assert "执法记录仪.mp4" in page
    assert archive.app.extensions["store"].read(f"evidence/{sha256_of(VIDEO)}") == VIDEO


def test_the_same_file_is_not_registered_twice(archive: Archive, visit_id: str) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    archive.add_video(dossier)
    answer = archive.add_video(dossier, name="另一个名字.mp4")
    assert answer.status_code == 409
    assert "已经登记过了" in answer.text


def test_wrong_files_are_refused(archive: Archive, visit_id: str) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    assert "空文件不能登记" in archive.add_video(dossier, octets=b"").text
    assert "不是录音、录像" in archive.add_video(dossier, octets=b"MZ program", name="a.exe").text
    assert archive.post(ARCHIVIST, dossier, "recordings").status_code == 422


def test_a_file_that_arrives_while_the_dossier_goes_to_the_sealer_is_refused_and_not_left_out(
    archive: Archive, visit_id: str, acting: Callable[[Person], Actor]
) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)

    class SlowUpload(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            with transaction():
                db.session.get_one(Dossier, dossier.id).status = "sealing"
            return super().read(size)

    with pytest.raises(Refusal) as caught:
        add_recording(acting(ARCHIVIST), dossier.id, "现场.mp4", SlowUpload(VIDEO), None, None)
    assert caught.value.problem is DOSSIER_SEALED
    assert recordings_of(visit_id) == []
