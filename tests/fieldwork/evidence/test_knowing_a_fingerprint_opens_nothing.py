"""A file's SHA-256 is printed on records and read aloud: whoever knows it must show the bytes before the file counts for them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from backend.demonstration.scripted_phone import ScriptedPhone
from backend.fieldwork.changes.models import Change
from backend.plumbing.db import db
from tests.fieldwork.phones import Phones, picture
from tests.people import INSPECTOR, LEADER, RECUSED

PHOTO = picture(77)


def _sent(phones: Phones, visit_id: str) -> tuple[ScriptedPhone, str]:
    phone = phones(LEADER)
    phone.pull()
    sha = phone.photograph(visit_id, PHOTO)
    phone.sync()
    return phone, sha


def _claims_without_bytes(phone: ScriptedPhone, visit_id: str, sha: str) -> Any:
    phone.photograph(visit_id, PHOTO)
    phone.push()
    del phone.log[:], phone.photos[sha]
    phone.acknowledged = 0
    return phone.send("GET", f"/api/v1/evidence/{sha}?visit={visit_id}")


def test_an_op_that_names_the_fingerprint_shows_nobody_the_file(
    phones: Phones, dispatch: Callable[..., str]
) -> None:
    _, sha = _sent(phones, dispatch(1))
    foreign = dispatch(2, (RECUSED, INSPECTOR))
    stranger = phones(RECUSED)
    stranger.pull()
    assert _claims_without_bytes(stranger, foreign, sha).status_code == 404
    stranger.pull()
    assert stranger.docs["evidence", f"{foreign} {sha} "]["body"]["complete"] is False


def test_an_announcement_by_a_stranger_asks_for_the_bytes(
    phones: Phones, dispatch: Callable[..., str]
) -> None:
    _, sha = _sent(phones, dispatch(1))
    foreign = dispatch(2, (RECUSED, INSPECTOR))
    stranger = phones(RECUSED)
    stranger.pull()
    stranger.photograph(foreign, PHOTO)
    before = stranger.photos[sha].receipt
    stranger.upload()
    assert before is None
    assert stranger.photos[sha].receipt is not None
    assert stranger.send("GET", f"/api/v1/evidence/{sha}?visit={foreign}").status_code == 200


def test_the_receipts_of_others_files_are_not_told(phones: Phones, dispatch: Callable[..., str]) -> None:
    _, sha = _sent(phones, dispatch(1))
    stranger = phones(RECUSED)
    asked = {"opIds": [], "shas": [sha]}
    told = stranger.send(
        "POST", "/api/v1/receipts/query", json=asked, headers={"X-Device": stranger.device_id}
    )
    assert told.json["shas"] == {sha: None}


def test_the_same_photo_in_another_visit_moves_nothing_in_the_first(
    phones: Phones, dispatch: Callable[..., str]
) -> None:
    visit_id = dispatch(1)
    _sent(phones, visit_id)
    before = _places(visit_id)
    other = dispatch(2, (RECUSED, INSPECTOR))
    stranger = phones(RECUSED)
    stranger.pull()
    stranger.photograph(other, PHOTO)
    stranger.sync()
    assert before
    assert _places(visit_id) == before


def _places(visit_id: str) -> list[int]:
    db.session.rollback()
    told = select(Change.server_seq).where(Change.visit_id == visit_id, Change.kind == "evidence")
    return list(db.session.scalars(told))
