"""Lost answers, repeats, gaps, forks, forgeries: every op is taken exactly once and every op is answered."""

from typing import Any

import pytest
from flask import Flask

from backend.demonstration.scripted_phone import Refused, ScriptedPhone
from backend.fieldwork.sync.epochs import begin_epoch
from backend.fieldwork.sync.keys import sign
from backend.fieldwork.sync.models import OpPlace
from backend.fieldwork.sync.op_log import Op, ops_where
from backend.fieldwork.sync.rules import op_hash
from backend.plumbing.db import db
from tests.fieldwork.phones import PASS, Phones, item
from tests.people import INSPECTOR, LEADER


def _ready(phones: Phones, visit_id: str, count: int = 5) -> ScriptedPhone:
    phone = phones(LEADER)
    phone.pull()
    for n in range(count):
        phone.note(visit_id, "/record/situation", {"text": f"第 {n} 次改写"})
    return phone


def _stored(phone: ScriptedPhone) -> list[Op]:
    db.session.rollback()
    return ops_where(OpPlace.device_id == phone.device_id)


def _push(phone: ScriptedPhone, ops: list[dict[str, Any]], altered: dict[str, Any] | None = None) -> Any:
    body = {**phone.signed(ops), **(altered or {})}
    return phone.send("POST", "/api/v1/sync/push", json=body, headers={"X-Device": phone.device_id})


def test_a_push_whose_answer_was_lost_is_repeated_without_harm(phones: Phones, visit_id: str) -> None:
    phone = _ready(phones, visit_id)
    first = _push(phone, phone.log).json
    again = _push(phone, phone.log).json
    assert [result["status"] for result in first["results"]] == ["applied"] * 5
    assert [result["status"] for result in again["results"]] == ["duplicate"] * 5
    assert [result["original"]["rev"] for result in again["results"]] == [
        result["rev"] for result in first["results"]
    ]
    assert again["lastSeq"] == first["lastSeq"] == 5
    assert len(_stored(phone)) == 5


def test_an_overlapping_push_takes_only_what_is_new(phones: Phones, visit_id: str) -> None:
    phone = _ready(phones, visit_id)
    _push(phone, phone.log[:3])
    statuses = [result["status"] for result in _push(phone, phone.log[1:]).json["results"]]
    assert statuses == ["duplicate", "duplicate", "applied", "applied"]


def test_a_gap_is_refused_whole_and_names_the_op_to_start_from(phones: Phones, visit_id: str) -> None:
    phone = _ready(phones, visit_id)
    _push(phone, phone.log[:1])
    answer = _push(phone, phone.log[3:])
    assert answer.status_code == 409
    assert answer.json["expectedSeq"] == 2
    assert len(_stored(phone)) == 1


def test_a_forged_signature_stores_nothing(phones: Phones, visit_id: str) -> None:
    phone, other = _ready(phones, visit_id), phones(INSPECTOR)
    head = phone.signed(phone.log)["head"]
    forged = {**head, "sig": sign(other.key, bytes.fromhex(head["hash"]))}
    answer = _push(phone, phone.log, {"head": forged})
    assert (answer.status_code, answer.json["code"]) == (401, "bad-signature")
    assert _stored(phone) == []


def test_an_op_altered_after_signing_stores_nothing(phones: Phones, visit_id: str) -> None:
    phone = _ready(phones, visit_id)
    altered = [*phone.log[:4], {**phone.log[4], "value": {"text": "换掉了"}}]
    answer = _push(phone, phone.log, {"ops": altered})
    assert (answer.status_code, answer.json["code"]) == (401, "bad-signature")


def test_an_op_altered_in_the_middle_never_takes_effect(phones: Phones, visit_id: str) -> None:
    phone = _ready(phones, visit_id)
    altered = [phone.log[0], {**phone.log[1], "value": {"text": "换掉了"}}, *phone.log[2:]]
    answer = _push(phone, phone.log, {"ops": altered})
    assert (answer.status_code, answer.json["code"]) == (401, "bad-signature")
    assert _stored(phone) == []
    phone.push()
    assert len(_stored(phone)) == 5


def test_the_same_seq_with_other_content_is_kept_outside_the_chain(phones: Phones, visit_id: str) -> None:
    phone = _ready(phones, visit_id)
    _push(phone, phone.log)
    fork = {**phone.log[4], "id": phone.new_id(), "value": {"text": "另一个第 5 步"}}
    answer = _push(phone, [fork]).json
    assert answer["results"][0]["status"] == "quarantined"
    assert answer["results"][0]["reason"] == "seq-taken"
    assert answer["lastSeq"] == 5
    assert answer["receipt"]["hash"] == op_hash(phone.log[4])
    assert _push(phone, [fork]).json["results"][0]["status"] == "duplicate"


def test_an_id_that_comes_again_with_other_content_has_no_effect_and_blocks_nothing(
    phones: Phones, visit_id: str
) -> None:
    phone = _ready(phones, visit_id)
    phone.log[4] = {**phone.log[4], "id": phone.log[0]["id"]}
    last = phone.note(visit_id, "/record/partyOpinion", {"text": "无意见"})
    results = _push(phone, phone.log).json["results"]
    assert [result["status"] for result in results] == ["applied"] * 4 + ["quarantined", "applied"]
    assert results[4]["reason"] == "id-reused"
    assert results[5]["id"] == last


def test_a_bad_op_is_acknowledged_and_never_blocks_the_queue(phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    path = item(phone, visit_id, "managementSystem")
    bad = [
        phone.act("answer.set", visit_id, "/matters/1/items/unheardOf", PASS),
        phone.act("answer.set", visit_id, path, PASS, "0" * 64),
        phone.act("dance", visit_id, "/x", {}),
        phone.act("submit", visit_id, "/submit", {"digest": 5}),
        phone.act("note.set", visit_id, "/record/situation", {"text": "空\0字符"}),
        phone.act("evidence.void", visit_id, "/evidence", {"sha": "a" * 64, "reason": "没有这张"}),
        phone.act("conflict.resolve", visit_id, path, {"path": path, "keep": "nothing"}),
        phone.act("review", visit_id, "/review", {"decision": "approve", "digest": "a" * 64, "items": []}),
    ]
    good = phone.answer(visit_id, path, PASS)
    phone.push()
    assert [phone.results[op_id]["reason"] for op_id in bad] == [
        "no-such-path",
        "form-differs",
        "malformed",
        "malformed",
        "malformed",
        "unknown-evidence",
        "unknown-choice",
        "not-submitted",
    ]
    assert phone.results[good]["status"] == "applied"


def test_an_op_in_another_persons_name_has_no_effect(phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    phone.user_id += 1
    op_id = phone.note(visit_id, "/record/situation", {"text": "冒名"})
    phone.push()
    assert phone.results[op_id]["reason"] == "wrong-user"


def test_a_push_that_is_too_big_is_refused_whole(phones: Phones, visit_id: str) -> None:
    phone = _ready(phones, visit_id, 201)
    assert _push(phone, phone.log).status_code == 413
    phone.act("note.set", visit_id, "/record/situation", {"text": "长" * 100_000})
    assert _push(phone, phone.log[-1:]).status_code == 413
    assert _stored(phone) == []


@pytest.mark.parametrize(
    "spoil", [{"seq": 0}, {"seq": "1"}, {"prev": "x"}, {"extra": 1}, {"value": 1.5}, {"id": "no"}]
)
def test_what_is_no_op_at_all_is_refused_with_its_fault(
    phones: Phones, visit_id: str, spoil: dict[str, Any]
) -> None:
    phone = _ready(phones, visit_id, 1)
    answer = _push(phone, phone.log, {"ops": [{**phone.log[0], **spoil}]})
    assert (answer.status_code, answer.json["code"]) == (422, "invalid-input")


def test_the_token_carries_what_waited_after_the_session_is_over(
    phones: Phones, visit_id: str, clock: Any
) -> None:
    phone = _ready(phones, visit_id)
    phone.send("DELETE", "/api/v1/session")
    clock.advance(days=29)
    phone.push()
    assert {result["status"] for result in phone.results.values()} == {"applied"}
    with pytest.raises(Refused, match="401"):
        phone.pull()


def test_the_token_carries_no_review(phones: Phones, visit_id: str) -> None:
    phone = _ready(phones, visit_id)
    phone.send("DELETE", "/api/v1/session")
    op_id = phone.act("review", visit_id, "/review", {"decision": "approve", "digest": "a" * 64, "items": []})
    phone.push()
    assert phone.results[op_id]["reason"] == "needs-session"


def test_what_comes_after_the_tokens_end_is_kept_without_effect(
    phones: Phones, visit_id: str, clock: Any
) -> None:
    phone = _ready(phones, visit_id)
    phone.send("DELETE", "/api/v1/session")
    clock.advance(days=31)
    phone.push()
    assert {result["reason"] for result in phone.results.values()} == {"token-ended"}
    assert len(_stored(phone)) == 5


def test_receipts_are_told_again_for_what_the_phone_asks(phones: Phones, visit_id: str) -> None:
    phone = _ready(phones, visit_id, 2)
    phone.push()
    asked = {"opIds": [phone.log[0]["id"], phone.new_id()], "shas": ["a" * 64]}
    told = phone.send(
        "POST", "/api/v1/receipts/query", json=asked, headers={"X-Device": phone.device_id}
    ).json
    assert told["ops"][asked["opIds"][0]]["receipt"]["hash"] == op_hash(phone.log[0])
    assert told["ops"][asked["opIds"][1]] is None
    assert told["shas"] == {"a" * 64: None}


def test_no_revision_of_a_lost_life_is_given_again(context: Flask, phones: Phones, visit_id: str) -> None:
    phone = _ready(phones, visit_id)
    phone.push()
    seen = max(op.rev for op in _stored(phone))
    begin_epoch()
    again = phone.note(visit_id, "/record/situation", {"text": "恢复以后"})
    phone.push()
    assert phone.results[again]["rev"] > seen + 100_000


def test_a_restored_database_makes_phones_start_over(context: Flask, phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    begin_epoch()
    answer = phone.send(
        "GET", f"/api/v1/sync/pull?cursor={phone.cursor}", headers={"X-Device": phone.device_id}
    )
    assert (answer.status_code, answer.json["code"]) == (410, "cursor-gone")
    phone.docs.clear()
    phone.pull()
    assert [visit["id"] for visit in phone.visits()] == [visit_id]
