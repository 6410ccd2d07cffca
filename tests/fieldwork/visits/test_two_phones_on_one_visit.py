"""Two colleagues, two phones, one visit: both answers are kept, a person chooses, what the party signed stays signed."""

from backend.demonstration.scripted_phone import ScriptedPhone
from tests.fieldwork.phones import FAIL, PASS, Phones, fill_in, item, picture, sign_all, visit_body
from tests.people import INSPECTOR, LEADER


def _both(phones: Phones) -> tuple[ScriptedPhone, ScriptedPhone]:
    leader, colleague = phones(LEADER), phones(INSPECTOR)
    leader.pull()
    colleague.pull()
    return leader, colleague


def _shown(phone: ScriptedPhone, visit_id: str, path: str) -> dict[str, object]:
    body: dict[str, object] = phone.docs["answer", f"{visit_id} {path}"]["body"]
    return body


def test_two_answers_given_unseen_are_both_kept_and_block_submission(phones: Phones, visit_id: str) -> None:
    leader, colleague = _both(phones)
    path = item(leader, visit_id, "training")
    fill_in(leader, visit_id)
    leader.sync()
    op_id = colleague.answer(visit_id, path, FAIL)
    colleague.sync()
    assert colleague.results[op_id]["status"] == "conflict"
    leader.pull()
    shown = _shown(leader, visit_id, path)
    assert shown["value"] == PASS
    assert [(one["value"], one["by"]["name"]) for one in shown["candidates"]] == [(FAIL, INSPECTOR.name)]  # type: ignore[attr-defined]

    sign_all(leader, visit_id)
    submitted = leader.submit(visit_id)
    leader.sync()
    assert leader.results[submitted]["reason"] == "blocked"
    assert leader.results[submitted]["gaps"] == [{"code": "conflict", "what": path}]

    leader.resolve(visit_id, path, op_id)
    leader.sync()
    assert _shown(leader, visit_id, path)["value"] == FAIL
    assert _shown(leader, visit_id, path)["candidates"] == []


def test_a_choice_that_was_not_taken_is_answered_with_how_it_stands(phones: Phones, visit_id: str) -> None:
    leader, colleague = _both(phones)
    path = item(leader, visit_id, "training")
    leader.answer(visit_id, path, PASS)
    leader.sync()
    colleague.answer(visit_id, path, FAIL)
    colleague.sync()
    leader.pull()
    chosen = leader.resolve(visit_id, path, "an op nobody sent")
    leader.docs.clear()
    leader.sync()
    assert leader.results[chosen]["reason"] == "unknown-choice"
    assert len(_shown(leader, visit_id, path)["candidates"]) == 1  # type: ignore[arg-type]


def test_an_answer_given_after_seeing_the_other_replaces_it(phones: Phones, visit_id: str) -> None:
    leader, colleague = _both(phones)
    path = item(leader, visit_id, "training")
    leader.answer(visit_id, path, PASS)
    leader.sync()
    colleague.pull()
    op_id = colleague.answer(visit_id, path, FAIL)
    colleague.sync()
    assert colleague.results[op_id]["status"] == "applied"
    leader.pull()
    assert leader.answers(visit_id)[path] == FAIL


def test_the_same_answer_from_both_is_one_answer(phones: Phones, visit_id: str) -> None:
    leader, colleague = _both(phones)
    path = item(leader, visit_id, "training")
    leader.answer(visit_id, path, PASS)
    colleague.answer(visit_id, path, PASS)
    leader.sync()
    colleague.sync()
    assert {result["status"] for result in colleague.results.values()} == {"applied"}
    assert _shown(colleague, visit_id, path)["candidates"] == []


def test_what_a_colleague_brought_unseen_does_not_undo_the_partys_signature(
    phones: Phones, visit_id: str
) -> None:
    leader, colleague = _both(phones)
    path, only_colleagues = item(leader, visit_id, "training"), "/record/partyOpinion"
    fill_in(leader, visit_id)
    sign_all(leader, visit_id)
    submitted = leader.submit(visit_id)
    colleague.answer(visit_id, path, FAIL)
    colleague.note(visit_id, only_colleagues, {"text": "对淘汰电动机有异议"})
    sha = colleague.photograph(visit_id, picture(9), path)
    colleague.sync()

    leader.sync()
    assert leader.results[submitted]["status"] == "applied"
    assert leader.answers(visit_id)[path] == PASS
    unconfirmed = _shown(leader, visit_id, only_colleagues)
    assert unconfirmed["value"] is None
    assert [one["reason"] for one in unconfirmed["candidates"]] == ["unconfirmed"]  # type: ignore[attr-defined]
    assert leader.docs["evidence", f"{visit_id} {sha} {path}"]["body"]["late"] is True

    early = leader.review(visit_id, "approve")
    leader.sync()
    assert leader.results[early]["reason"] == "blocked"
    for shown_path in (path, only_colleagues):
        body = _shown(leader, visit_id, shown_path)
        leader.resolve(visit_id, shown_path, body["opId"])  # type: ignore[arg-type]
    approved = leader.review(visit_id, "approve")
    leader.sync()
    assert leader.results[approved]["status"] == "applied"

    colleague.pull()
    assert ("answer", f"{visit_id} {only_colleagues}") not in colleague.docs


def test_what_comes_after_submission_waits_for_the_leader(phones: Phones, visit_id: str) -> None:
    leader, colleague = _both(phones)
    path = item(leader, visit_id, "training")
    fill_in(leader, visit_id)
    sign_all(leader, visit_id)
    leader.submit(visit_id)
    leader.sync()
    op_id = colleague.answer(visit_id, path, FAIL)
    colleague.photograph(visit_id, picture(9))
    colleague.sync()
    assert (colleague.results[op_id]["status"], colleague.results[op_id]["reason"]) == (
        "conflict",
        "unconfirmed",
    )
    leader.pull()
    chosen = leader.resolve(visit_id, path, op_id)
    leader.sync()
    assert leader.results[chosen]["reason"] == "not-returned"

    leader.review(visit_id, "return", [{"path": path, "reason": "按钱样例的发现补正，重新签字"}])
    leader.sync()
    assert visit_body(leader, visit_id)["status"] == "returned"
    leader.resolve(visit_id, path, op_id)
    leader.sync()
    sign_all(leader, visit_id)
    again = leader.submit(visit_id)
    leader.sync()
    assert leader.results[again]["status"] == "applied"
    assert leader.answers(visit_id)[path] == FAIL


def test_the_phone_shows_when_a_teammate_was_last_in_step(
    phones: Phones, visit_id: str, clock: object
) -> None:
    leader, colleague = _both(phones)
    leader.pull()
    in_step = leader.send("GET", "/api/v1/sync/pull", headers={"X-Device": leader.device_id}).json["inStep"]
    assert in_step == {str(leader.user_id): leader.wall(), str(colleague.user_id): colleague.wall()}
