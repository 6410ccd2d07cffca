"""The walk on the server: presence is one's own word, paper may carry the party's hand, other ways of inspecting are shorter."""

from typing import Any

from backend.demonstration.scripted_phone import ScriptedPhone
from backend.fieldwork.visits.models import Visit
from backend.plumbing.db import db
from tests.fieldwork.phones import Phones, fill_in, picture, sign_all, visit_body
from tests.people import LEADER


def _result(phone: ScriptedPhone, op_id: str) -> dict[str, Any]:
    phone.sync()
    return phone.results[op_id]


def test_nobody_arrives_for_a_colleague_without_the_colleagues_hand(phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    colleague = visit_body(phone, visit_id)["team"][1]["userId"]
    spoken_for = phone.note(visit_id, f"/presence/{colleague}", {"done": True, "wall": 1, "image": None})
    assert _result(phone, spoken_for)["reason"] == "not-yours"


def test_a_photographed_sheet_stands_for_the_party_while_the_text_is_the_printed_one(
    phones: Phones, visit_id: str
) -> None:
    phone = phones(LEADER)
    phone.pull()
    fill_in(phone, visit_id)
    sha = phone.photograph(visit_id, picture(9), "/papers/record", role="signed_sheet")
    sheet = {"done": True, "wall": 1, "sha": sha, "digest": phone.digest(visit_id)}
    phone.note(visit_id, "/papers/record", sheet)
    sign_all(phone, visit_id, party=False)
    assert _result(phone, phone.submit(visit_id))["status"] == "applied"


def test_a_sheet_of_an_earlier_text_does_not(phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    fill_in(phone, visit_id)
    sha = phone.photograph(visit_id, picture(9), "/papers/record", role="signed_sheet")
    sheet = {"done": True, "wall": 1, "sha": sha, "digest": phone.digest(visit_id)}
    phone.note(visit_id, "/papers/record", sheet)
    phone.note(visit_id, "/record/situation", {"text": "后来改过的笔录。"})
    sign_all(phone, visit_id, party=False)
    assert [gap["code"] for gap in _result(phone, phone.submit(visit_id))["gaps"]] == ["party-signature"]


def test_another_agencys_conclusion_needs_its_source_its_file_and_the_teams_hands(
    phones: Phones, visit_id: str
) -> None:
    phone = phones(LEADER)
    phone.pull()
    matter = visit_body(phone, visit_id)["matters"][0]["id"]
    source = {"source": "示例市场监管局", "document": "示市监〔2026〕1号", "conclusion": "未发现问题"}
    phone.note(visit_id, "/steps/method", {"done": True, "wall": 1, "method": "other_agency", **source})
    phone.photograph(visit_id, picture(3), "/steps/method")
    phone.note(visit_id, f"/results/{matter}", {"done": True, "wall": 1, "code": "nothing-found"})
    sign_all(phone, visit_id, party=False)
    assert _result(phone, phone.submit(visit_id))["status"] == "applied"


def test_a_visit_from_before_the_walk_is_held_to_what_it_was_dispatched_with(
    phones: Phones, visit_id: str
) -> None:
    db.session.get_one(Visit, visit_id).procedure = {"version": 0}
    db.session.commit()
    phone = phones(LEADER)
    phone.pull()
    fill_in(phone, visit_id)
    for path in [
        path for path in phone.answers(visit_id) if path.startswith(("/presence", "/deliveries", "/results"))
    ]:
        phone.note(visit_id, path, None)
    sign_all(phone, visit_id)
    assert _result(phone, phone.submit(visit_id))["status"] == "applied"
