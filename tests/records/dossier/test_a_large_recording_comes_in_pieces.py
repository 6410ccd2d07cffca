"""A recorder's file goes up from an office PC in pieces: it goes on where it broke off, and counts only when the whole is what was announced."""

import hashlib
import os

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backend.fieldwork.evidence.uploads import sweep_abandoned_uploads
from backend.plumbing.db import db
from backend.plumbing.files import store
from backend.records.dossier.evidence_parts import recordings_of
from tests.conftest import FixedClock
from tests.people import ARCHIVIST, RECUSED
from tests.records.dossier.conftest import Archive
from tests.records.specimens import VIDEO

LONG = VIDEO + bytes(3 << 20)
PIECE = 1 << 20


def _send(browser: FlaskClient, address: str, offset: int, content: bytes = LONG) -> TestResponse:
    return browser.patch(
        address,
        data=content[offset : offset + PIECE],
        headers={"Upload-Offset": str(offset), "Content-Type": "application/partial-upload"},
    )


def test_it_goes_on_where_it_broke_off_and_is_tied_to_the_visit(archive: Archive, visit_id: str) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    sha = hashlib.sha256(LONG).hexdigest()
    address = f"/office/dossiers/{dossier.id}/recordings/{sha}"
    browser = archive.log_in(ARCHIVIST)
    assert _send(browser, address, 0).headers["Upload-Offset"] == str(PIECE)
    late = _send(browser, address, 0)
    assert (late.status_code, late.headers["Upload-Offset"]) == (409, str(PIECE))
    offset = int(browser.get(address).headers["Upload-Offset"])
    while offset < len(LONG):
        offset = int(_send(browser, address, offset).headers["Upload-Offset"])
    facts = {"name": "执法记录仪 01.mp4", "minutes": "127", "taken_at": "2026-07-21T09:10"}
    assert browser.post(address, data=facts).status_code == 201
    db.session.rollback()
    (row,) = recordings_of(visit_id)
    assert (row.sha256, row.size, row.duration_s) == (sha, len(LONG), 127 * 60)
    assert store().size(f"evidence/{sha}") == len(LONG)
    assert browser.post(address, data=facts).status_code == 409
    assert archive.log_in(RECUSED).get(address).status_code == 404


def test_other_bytes_than_announced_are_dropped(archive: Archive, visit_id: str) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    address = f"/office/dossiers/{dossier.id}/recordings/{'0' * 64}"
    browser = archive.log_in(ARCHIVIST)
    _send(browser, address, 0, VIDEO)
    assert browser.post(address, data={"name": "x.mp4"}).status_code == 422
    assert browser.get(address).headers["Upload-Offset"] == "0"
    assert recordings_of(visit_id) == []


def test_whoever_knows_a_hash_gets_nothing_by_it(archive: Archive, visit_id: str) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    sha = hashlib.sha256(LONG).hexdigest()
    store().put(f"evidence/{sha}", LONG)
    address = f"/office/dossiers/{dossier.id}/recordings/{sha}"
    assert archive.log_in(ARCHIVIST).post(address, data={"name": "别人的.mp4"}).status_code == 409
    db.session.rollback()
    assert recordings_of(visit_id) == []


def test_the_daily_sweep_leaves_what_is_still_being_sent(
    archive: Archive, visit_id: str, clock: FixedClock
) -> None:
    archive.capture(visit_id)
    dossier = archive.approve(visit_id)
    sha = hashlib.sha256(LONG).hexdigest()
    address = f"/office/dossiers/{dossier.id}/recordings/{sha}"
    _send(archive.log_in(ARCHIVIST), address, 0)
    (partial,) = store().names("uploads")
    os.utime(store().path(partial), (clock.now().timestamp(),) * 2)
    sweep_abandoned_uploads()
    assert store().exists(partial)
    clock.advance(days=31)
    sweep_abandoned_uploads()
    assert not store().exists(partial)
