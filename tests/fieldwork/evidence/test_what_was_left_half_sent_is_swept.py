"""Half a file with which a phone did not go on for thirty days goes; the phone still has it. A whole one never goes."""

import os
from datetime import datetime, timedelta

import pytest
from flask import Flask

from backend.core.canonical_json import canonical
from backend.demonstration.scripted_phone import PIECE, Refused, ScriptedPhone
from backend.fieldwork.evidence import uploads
from backend.fieldwork.evidence.uploads import sweep_abandoned_uploads
from backend.fieldwork.sync.keys import sign
from backend.plumbing.files import store
from backend.reactions import DAILY
from tests.conftest import FixedClock
from tests.fieldwork.phones import Phones
from tests.people import LEADER

FILM = bytes(range(256)) * 3000


@pytest.fixture
def phone(context: Flask, visit_id: str, phones: Phones) -> ScriptedPhone:
    found = phones(LEADER)
    found.pull()
    return found


def _half_sent(phone: ScriptedPhone, visit_id: str, at: datetime) -> tuple[str, str]:
    """The file's SHA-256, and where its first piece lies since `at`."""
    sha = phone.photograph(visit_id, FILM, mime="video/mp4")
    photo, device = phone.photos[sha], {"X-Device": phone.device_id}
    told = {"visitId": visit_id, "size": len(FILM), "mime": photo.mime, "capture": photo.capture}
    told["sig"] = sign(phone.key, canonical({"sha": sha, **told}))
    phone.send("POST", f"/api/v1/evidence/{sha}", json=told, headers=device)
    headers = {**device, "Content-Type": "application/partial-upload", "Upload-Offset": "0"}
    phone.send("PATCH", f"/api/v1/evidence/{sha}", body=FILM[:PIECE], headers=headers)
    partial = f"uploads/{phone.device_id}/{sha}"
    os.utime(store().path(partial), (at.timestamp(), at.timestamp()))
    return sha, partial


def test_after_thirty_days_it_goes_and_the_phone_sends_it_anew(
    phone: ScriptedPhone, visit_id: str, clock: FixedClock
) -> None:
    sha, partial = _half_sent(phone, visit_id, clock.now())
    clock.advance(days=29)
    sweep_abandoned_uploads()
    assert store().exists(partial)
    clock.advance(days=2)
    sweep_abandoned_uploads()
    assert not store().exists(partial)
    phone.upload()
    assert phone.photos[sha].receipt is not None


def test_one_that_still_grows_stays(phone: ScriptedPhone, visit_id: str, clock: FixedClock) -> None:
    _, partial = _half_sent(phone, visit_id, clock.now() + timedelta(days=20))
    clock.advance(days=31)
    sweep_abandoned_uploads()
    assert store().exists(partial)


def test_a_whole_one_stays_though_its_receipt_was_never_made(
    phone: ScriptedPhone, visit_id: str, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha = phone.photograph(visit_id, FILM, mime="video/mp4")
    with monkeypatch.context() as cut:
        cut.setattr(uploads, "_finish", _power_cut)
        with pytest.raises(Refused, match="500"):
            phone.upload()
    clock.advance(days=31)
    sweep_abandoned_uploads()
    assert store().size(f"uploads/{phone.device_id}/{sha}") == len(FILM)
    phone.upload()
    assert phone.photos[sha].receipt is not None


def _power_cut(*_arguments: object) -> None:
    raise RuntimeError("power cut")


def test_half_a_file_of_which_a_restored_database_knows_nothing_goes(
    phone: ScriptedPhone, visit_id: str
) -> None:
    store().put("uploads/a-device/" + "a" * 64, b"half")
    sweep_abandoned_uploads()
    assert store().names("uploads") == []


def test_it_is_done_every_day() -> None:
    assert sweep_abandoned_uploads in DAILY
