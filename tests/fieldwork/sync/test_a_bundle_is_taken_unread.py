"""When sync cannot go on, the exported bundle can: taken as it is, by session or token, a few an hour."""

from typing import Any

from flask import Flask

from backend.plumbing.files import store
from tests.fieldwork.phones import Phones
from tests.people import LEADER

BUNDLE = b"YAOHAO-OUTBOX-1\n{}\n" + bytes(range(256))


def _hand_in(phone: Any) -> Any:
    headers = {"X-Device": phone.device_id, "Authorization": f"Bearer {phone.push_token}"}
    return phone.send("POST", "/api/v1/rescue", body=BUNDLE, headers=headers)


def test_a_bundle_lies_in_the_store_byte_for_byte(context: Flask, phones: Phones) -> None:
    phone = phones(LEADER)
    phone.send("DELETE", "/api/v1/session")
    answer = _hand_in(phone)
    assert answer.status_code == 202
    assert store().read(f"rescue/{answer.json['rescueId']}") == BUNDLE


def test_the_seventh_bundle_within_an_hour_has_to_wait(phones: Phones, clock: Any) -> None:
    phone = phones(LEADER)
    assert [_hand_in(phone).status_code for _ in range(6)] == [202] * 6
    late = _hand_in(phone)
    assert (late.status_code, late.json["code"], late.headers["Retry-After"]) == (429, "rescue-limit", "3600")
    clock.advance(minutes=61)
    assert _hand_in(phone).status_code == 202


def test_an_app_older_than_the_protocol_is_told_so(phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    phone.note(visit_id, "/record/situation", {"text": "旧版"})
    headers = {"X-Device": phone.device_id, "X-Client": "0"}
    answer = phone.send("POST", "/api/v1/sync/push", json=phone.signed(phone.log), headers=headers)
    assert (answer.status_code, answer.json["code"]) == (426, "client-too-old")
