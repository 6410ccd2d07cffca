"""提交 names what is missing; the refusal path stands in for the party's signature; a review binds what the leader saw."""

from collections.abc import Callable
from typing import Any

import pytest

from backend.demonstration.scripted_phone import ScriptedPhone
from tests.fieldwork.phones import FAIL, PASS, Phones, fill_in, item, picture, sign_all, visit_body
from tests.people import INSPECTOR, LEADER

STATEMENT = "当事人看过笔录后拒绝签字，理由见原因栏。"


def _submitted(phone: ScriptedPhone, visit_id: str) -> dict[str, Any]:
    op_id = phone.submit(visit_id)
    phone.sync()
    return phone.results[op_id]


def _filled(phones: Phones, visit_id: str) -> ScriptedPhone:
    phone = phones(LEADER)
    phone.pull()
    fill_in(phone, visit_id)
    return phone


def _codes(result: dict[str, Any]) -> set[str]:
    return {gap["code"] for gap in result.get("gaps", ())}


def test_an_untouched_visit_lists_everything(phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    result = _submitted(phone, visit_id)
    assert result["status"] == "quarantined"
    assert _codes(result) == {
        *("item", "record", "step", "inspector-signature", "party-signature"),
        *("presence", "delivery", "result"),
    }


def _unanswer(phone: ScriptedPhone, visit_id: str) -> None:
    phone.answer(visit_id, item(phone, visit_id, "training"), None)


def _wrong_choice(phone: ScriptedPhone, visit_id: str) -> None:
    phone.answer(visit_id, item(phone, visit_id, "energyClass"), "unheardOf")


def _wordless_fail(phone: ScriptedPhone, visit_id: str) -> None:
    phone.answer(visit_id, item(phone, visit_id, "training"), {**FAIL, "problem": None})


def _fail_without_photo(phone: ScriptedPhone, visit_id: str) -> None:
    phone.answer(visit_id, item(phone, visit_id, "gradedMetering"), FAIL)


def _void_the_photo(phone: ScriptedPhone, visit_id: str) -> None:
    phone.void_photo(visit_id, next(iter(phone.photos)), "拍糊了")


def _no_situation(phone: ScriptedPhone, visit_id: str) -> None:
    phone.note(visit_id, "/record/situation", {"text": " "})


def _no_certificates(phone: ScriptedPhone, visit_id: str) -> None:
    phone.note(visit_id, "/steps/certificates", {"done": False})


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_unanswer, "item"),
        (_wrong_choice, "invalid"),
        (_wordless_fail, "problem"),
        (_fail_without_photo, "photo"),
        (_void_the_photo, "photo"),
        (_no_situation, "record"),
        (_no_certificates, "step"),
    ],
)
def test_one_thing_missing_blocks_and_is_named(
    phones: Phones, visit_id: str, spoil: Callable[[ScriptedPhone, str], None], code: str
) -> None:
    phone = _filled(phones, visit_id)
    spoil(phone, visit_id)
    sign_all(phone, visit_id)
    result = _submitted(phone, visit_id)
    assert result["reason"] == "blocked"
    assert _codes(result) == {code}
    assert visit_body(phone, visit_id)["status"] == "in_progress"


def test_a_change_after_signing_asks_for_new_signatures(phones: Phones, visit_id: str) -> None:
    phone = _filled(phones, visit_id)
    sign_all(phone, visit_id)
    phone.answer(
        visit_id, item(phone, visit_id, "training"), {"result": "na", "problem": None, "disposal": None}
    )
    assert _codes(_submitted(phone, visit_id)) == {"inspector-signature", "party-signature"}
    sign_all(phone, visit_id)
    assert _submitted(phone, visit_id)["status"] == "applied"


def test_a_refusal_with_the_inspectors_statement_stands_in_for_the_party(
    phones: Phones, visit_id: str
) -> None:
    phone = _filled(phones, visit_id)
    sign_all(phone, visit_id, party=False)
    phone.refuse(visit_id, "不认可检查结果", STATEMENT, {"name": "孙见证", "contact": "0533-0000001"})
    phone.sign(visit_id, "witness", "孙见证")
    assert _submitted(phone, visit_id)["status"] == "applied"
    refusal = next(
        doc["body"]
        for (kind, _), doc in phone.docs.items()
        if kind == "signature" and doc["body"]["role"] == "refusal"
    )
    assert refusal["witness"]["name"] == "孙见证"


def test_a_refusal_without_the_inspectors_signatures_is_not_enough(phones: Phones, visit_id: str) -> None:
    phone = _filled(phones, visit_id)
    phone.refuse(visit_id, "不认可检查结果", STATEMENT, None)
    assert _codes(_submitted(phone, visit_id)) == {"inspector-signature"}


def test_a_stranger_cannot_sign_as_an_inspector(phones: Phones, visit_id: str) -> None:
    phone = _filled(phones, visit_id)
    op_id = phone.sign(visit_id, "inspector", "路人", 999_999)
    phone.sync()
    assert phone.results[op_id]["reason"] == "not-on-team"


def test_only_the_leader_reviews_and_only_what_was_submitted(phones: Phones, visit_id: str) -> None:
    phone, colleague = _filled(phones, visit_id), phones(INSPECTOR)
    sign_all(phone, visit_id)
    _submitted(phone, visit_id)
    colleague.pull()
    denied = colleague.review(visit_id, "approve")
    colleague.sync()
    assert colleague.results[denied]["reason"] == "not-leader"
    phone.docs["visit", visit_id]["body"]["digest"] = "0" * 64
    stale = phone.review(visit_id, "approve")
    phone.push()
    assert phone.results[stale]["reason"] == "stale-digest"


def test_a_return_reopens_only_what_was_returned(phones: Phones, visit_id: str) -> None:
    phone = _filled(phones, visit_id)
    sign_all(phone, visit_id)
    _submitted(phone, visit_id)
    returned, other = item(phone, visit_id, "training"), item(phone, visit_id, "statistician")
    phone.review(visit_id, "return", [{"path": returned, "reason": "签到表不清楚"}])
    phone.sync()
    assert visit_body(phone, visit_id)["returned"] == [
        {"path": returned, "reason": "签到表不清楚", "before": PASS}
    ]
    kept = phone.answer(visit_id, other, FAIL)
    changed = phone.answer(visit_id, returned, {**FAIL, "problem": "未见签到表"})
    phone.sync()
    assert phone.results[kept]["reason"] == "unconfirmed"
    assert phone.results[changed]["status"] == "applied"
    assert phone.answers(visit_id)[other] == PASS


def test_a_return_needs_a_reason_for_each_item(phones: Phones, visit_id: str) -> None:
    phone = _filled(phones, visit_id)
    sign_all(phone, visit_id)
    _submitted(phone, visit_id)
    op_id = phone.review(visit_id, "return", [{"path": "/record/situation", "reason": " "}])
    phone.sync()
    assert phone.results[op_id]["reason"] == "blocked"


def test_nothing_is_approved_while_a_photo_is_still_on_a_phone(phones: Phones, visit_id: str) -> None:
    phone = _filled(phones, visit_id)
    sign_all(phone, visit_id)
    phone.submit(visit_id)
    phone.push()
    phone.pull()
    early = phone.review(visit_id, "approve")
    phone.push()
    assert phone.results[early]["gaps"] == [{"code": "evidence-bytes", "what": sha} for sha in phone.photos]
    phone.upload()
    phone.pull()
    approved = phone.review(visit_id, "approve")
    phone.push()
    assert phone.results[approved]["status"] == "applied"


def test_after_approval_nothing_changes_any_more(phones: Phones, visit_id: str) -> None:
    phone = _filled(phones, visit_id)
    sign_all(phone, visit_id)
    _submitted(phone, visit_id)
    phone.review(visit_id, "approve")
    phone.sync()
    late = phone.note(visit_id, "/record/situation", {"text": "改口"})
    phone.photograph(visit_id, picture(7))
    phone.push()
    assert {phone.results[op["id"]]["reason"] for op in phone.log[-2:]} == {"visit-finished"}
    assert phone.results[late]["status"] == "quarantined"
