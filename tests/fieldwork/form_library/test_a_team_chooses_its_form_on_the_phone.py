"""The team may choose another form on its phones, with a reason; what a colleague answers on the old one is not lost."""

from typing import Any

from backend.fieldwork.checklists.queries import answers_of
from backend.fieldwork.visits.models import Visit
from backend.foundation.audit.queries import entries_on
from backend.plumbing.db import db
from tests.fieldwork.phones import PASS, Phones, item, visit_body
from tests.people import INSPECTOR, LEADER

REASON = "这家是民爆企业，按民爆检查表查"


def _choice(phone: Any, visit_id: str, reason: str = REASON) -> tuple[str, dict[str, Any]]:
    body = visit_body(phone, visit_id)
    now = body["matters"][0]
    other = next(one for one in body["forms"] if one["sha"] != now["formSha"])
    return f"/forms/{now['id']}", {"formSha": other["sha"], "reason": reason, "wall": 1}


def test_the_choice_is_pinned_with_its_reason_and_reaches_the_colleague(
    phones: Phones, visit_id: str
) -> None:
    leader, colleague = phones(LEADER), phones(INSPECTOR)
    leader.pull()
    colleague.pull()
    path, value = _choice(leader, visit_id)
    leader.note(visit_id, path, value)
    leader.sync()
    # The colleague has not heard of it and answers on the form they have.
    answered = colleague.answer(visit_id, item(colleague, visit_id, "training"), PASS)
    colleague.sync()
    assert colleague.results[answered]["status"] == "applied"
    db.session.rollback()
    visit = db.session.get_one(Visit, visit_id)
    pinned = visit.matters[0]
    assert (pinned["formSha"], pinned["formChoice"]["by"]) == (value["formSha"], LEADER.name)
    assert item(colleague, visit_id, "training") in answers_of(visit_id)
    assert "visit.choose-form" in [one.verb for one in entries_on(visit.agency_id, "visit", visit_id)]
    colleague.pull()
    assert visit_body(colleague, visit_id)["matters"][0]["formChoice"]["reason"] == REASON
    assert colleague.form(value["formSha"])["sections"]


def test_what_was_made_for_the_matter_is_told_from_what_was_not(phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    body = visit_body(phone, visit_id)
    matter = body["matters"][0]
    fitting = [one["sha"] for one in body["forms"] if matter["id"] in one["suits"]]
    assert fitting == [matter["formSha"]]
    assert len(body["forms"]) > 1


def test_not_without_a_reason_nor_a_form_that_is_not_offered(phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    path, value = _choice(phone, visit_id)
    short = phone.note(visit_id, path, {**value, "reason": "换"})
    unknown = phone.note(visit_id, path, {**value, "formSha": "0" * 64})
    phone.sync()
    assert [phone.results[one]["reason"] for one in (short, unknown)] == ["reason-needed", "no-such-form"]
