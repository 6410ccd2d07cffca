"""What no phone of ours writes: an op that cannot take effect is kept and acknowledged, and never stands in the way."""

import json
from typing import Any

import pytest

from backend.demonstration.scripted_phone import ScriptedPhone
from backend.fieldwork.evidence.models import Evidence
from backend.fieldwork.sync.models import Device
from backend.fieldwork.sync.rules import op_hash
from backend.plumbing.db import db, transaction
from tests.fieldwork.phones import Phones, item
from tests.people import INSPECTOR, LEADER


def _push(phone: ScriptedPhone, ops: list[dict[str, Any]]) -> Any:
    return phone.send(
        "POST", "/api/v1/sync/push", json=phone.signed(ops), headers={"X-Device": phone.device_id}
    )


def _nested(depth: int) -> Any:
    value: Any = "一"
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(("name", "hostile"), [("userId", 987_654), ("userId", 2**50), ("strokes", 2**50)])
def test_a_signature_that_no_row_can_hold_is_quarantined(
    phones: Phones, visit_id: str, name: str, hostile: int
) -> None:
    phone = phones(LEADER)
    phone.pull()
    phone.sign(visit_id, "party", "钱示范")
    phone.log[-1]["value"][name] = hostile
    phone.note(visit_id, "/record/situation", {"text": "之后"})
    phone.log[1]["prev"] = op_hash(phone.log[0])
    told = _push(phone, phone.log)
    assert told.status_code == 200, told.text
    assert [one["status"] for one in told.json["results"]] == ["quarantined", "applied"]


def test_a_signature_under_an_id_that_another_phone_used_is_quarantined(
    phones: Phones, visit_id: str
) -> None:
    first, second = phones(LEADER), phones(INSPECTOR)
    for phone in (first, second):
        phone.pull()
        phone.sign(visit_id, "party", "钱示范")
    second.log[0]["id"] = first.log[0]["id"]
    assert _push(first, first.log).json["results"][0]["status"] == "applied"
    told = _push(second, second.log)
    assert told.status_code == 200, told.text
    assert (told.json["results"][0]["status"], told.json["results"][0]["reason"]) == (
        "quarantined",
        "id-reused",
    )


@pytest.mark.parametrize("depth", [60, 240])
def test_a_value_nested_deeper_than_a_document_holds_is_quarantined(
    phones: Phones, visit_id: str, depth: int
) -> None:
    phone = phones(LEADER)
    phone.pull()
    phone.answer(visit_id, item(phone, visit_id, "obsoleteMotors"), _nested(depth))
    told = _push(phone, phone.log)
    assert (told.status_code, told.json["results"][0]["status"]) == (200, "quarantined"), told.text


@pytest.mark.parametrize("depth", [300, 960])
def test_a_value_that_cannot_even_be_written_down_is_refused(
    phones: Phones, visit_id: str, depth: int
) -> None:
    phone = phones(LEADER)
    phone.pull()
    phone.answer(visit_id, item(phone, visit_id, "obsoleteMotors"), "一")
    body = json.dumps(phone.signed(phone.log)).replace(
        '"value": "\\u4e00"', f'"value": {"[" * depth}1{"]" * depth}'
    )
    headers = {"X-Device": phone.device_id, "Content-Type": "application/json"}
    told = phone.send("POST", "/api/v1/sync/push", body=body.encode(), headers=headers)
    assert (told.status_code, told.json["code"]) == (422, "invalid-input"), told.text


@pytest.mark.parametrize("wall", [-50_000_000_000_000, 250_000_000_000_000, -62_135_596_800_000])
def test_a_photo_of_a_year_that_no_clock_shows_is_read_again(
    phones: Phones, visit_id: str, wall: int
) -> None:
    phone = phones(LEADER)
    phone.pull()
    phone.photograph(visit_id, b"picture")
    phone.log[-1]["value"]["at"] = wall
    told = _push(phone, phone.log)
    assert told.status_code == 200, told.text
    db.session.rollback()
    assert db.session.query(Evidence).one().at
    phones(INSPECTOR).pull()


def test_a_number_beyond_every_chain_is_refused(phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    phone.note(visit_id, "/record/situation", {"text": "一"})
    phone.log[0]["seq"] = 2**53 - 1
    assert _push(phone, phone.log).status_code == 422


def test_a_device_that_a_restore_lost_is_told_to_register_again(phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    phone.note(visit_id, "/record/situation", {"text": "一"})
    with transaction():
        db.session.delete(db.session.get_one(Device, phone.device_id))
    told = _push(phone, phone.log)
    assert (told.status_code, told.json["code"]) == (401, "device-unknown"), told.text
