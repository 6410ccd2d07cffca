"""无法检查 on the spot: the rules' reason, its proof, the hands of those who were there; then it counts as done (003 art. 17)."""

from typing import Any

from backend.demonstration.scripted_phone import ScriptedPhone
from tests.fieldwork.phones import Phones, picture, visit_body
from tests.people import LEADER

SHUT = {"kind": "closed", "found": "大门上锁，院内无人", "confirmedBy": "门卫证实六月起停产", "wall": 1}


def _closed(phone: ScriptedPhone, visit_id: str) -> dict[str, Any]:
    op_id = phone.close(visit_id)
    phone.sync()
    return phone.results[op_id]


def _signed(phone: ScriptedPhone, visit_id: str) -> None:
    for member in visit_body(phone, visit_id)["team"]:
        phone.sign(visit_id, "inspector", member["name"], member["userId"])


def test_a_shut_firm_with_its_proof_is_done_at_once(phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    phone.note(visit_id, "/exception", SHUT)
    phone.photograph(visit_id, picture(), "/exception")
    _signed(phone, visit_id)
    assert _closed(phone, visit_id)["status"] == "applied"
    body = visit_body(phone, visit_id)
    assert (body["status"], body["closedReason"]) == ("closed", "closed")


def test_what_is_missing_is_named_and_nothing_is_closed(phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    phone.note(visit_id, "/exception", {**SHUT, "confirmedBy": " "})
    result = _closed(phone, visit_id)
    assert [gap["code"] for gap in result["gaps"]] == [
        *("exception", "evidence"),
        *("inspector-signature", "inspector-signature"),
    ]
    assert visit_body(phone, visit_id)["status"] == "in_progress"


def test_an_inspector_who_fell_out_with_a_reason_signs_nothing(phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    colleague = visit_body(phone, visit_id)["team"][1]
    phone.note(visit_id, "/exception", SHUT)
    phone.photograph(visit_id, picture(), "/exception")
    phone.note(visit_id, f"/presence/{colleague['userId']}", {"absent": True, "text": "途中生病", "wall": 1})
    phone.sign(visit_id, "inspector", visit_body(phone, visit_id)["team"][0]["name"], phone.user_id)
    assert _closed(phone, visit_id)["status"] == "applied"
