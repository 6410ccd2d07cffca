"""Files of the body camera come in from an office PC: hashed, listed, packed; wrong ones are refused with a reason."""

from tests.people import ARCHIVIST
from tests.records.dossier.conftest import Archive
from tests.records.specimens import VIDEO, sha256_of


def test_a_recording_fills_its_gap(archive: Archive, visit_id: str) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    address = f"/office/dossiers/{dossier.id}"
    assert "缺：执法记录仪文件" in archive.page(ARCHIVIST, address)
    assert archive.add_video(dossier).status_code == 303
    assert "缺：执法记录仪文件" not in archive.page(ARCHIVIST, address)
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
