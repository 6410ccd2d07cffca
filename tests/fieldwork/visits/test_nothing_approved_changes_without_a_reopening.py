"""After approval: opened again only by the head, on record, for what is named; what was ordered is looked at again; a recusal is decided."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from backend.decisions.results.models import Report
from backend.fieldwork.visits.models import RecusalRequest
from backend.foundation.audit.models import AuditEntry
from backend.plumbing.db import db
from tests.fieldwork.phones import Phones, fill_in, item, sign_all, visit_body
from tests.people import HEAD, LEADER, OFFICER, Person

LogIn = Callable[[Person], FlaskClient]


def _approved(phones: Phones, visit_id: str) -> None:
    phone = phones(LEADER)
    phone.pull()
    fill_in(phone, visit_id)
    sign_all(phone, visit_id)
    phone.submit(visit_id)
    phone.sync()
    phone.review(visit_id, "approve")
    phone.sync()
    assert visit_body(phone, visit_id)["status"] == "approved"


def test_the_head_opens_named_answers_again_and_the_leader_sees_what_became_of_them(
    phones: Phones, visit_id: str, log_in: LogIn
) -> None:
    _approved(phones, visit_id)
    phone = phones(LEADER)
    phone.pull()
    path = item(phone, visit_id, "training")
    before = phone.answers(visit_id)[path]
    late = phone.answer(visit_id, path, {"result": "na", "problem": None, "disposal": None})
    phone.sync()
    assert phone.results[late]["reason"] == "visit-finished"

    page = log_in(HEAD)
    sent = {"reason": "培训记录核对有误", "path": [path]}
    assert page.post(f"/office/visits/{visit_id}/reopenings", data=sent).status_code == 303
    phone.pull()
    assert visit_body(phone, visit_id)["returned"] == [
        {"path": path, "reason": "培训记录核对有误", "before": before}
    ]
    phone.answer(visit_id, path, {"result": "na", "problem": None, "disposal": None})
    sign_all(phone, visit_id)
    phone.submit(visit_id)
    phone.sync()
    assert [one["before"] for one in visit_body(phone, visit_id)["mended"]] == [before]
    phone.review(visit_id, "approve")
    phone.sync()
    db.session.rollback()
    assert db.session.scalars(select(Report.version).where(Report.visit_id == visit_id)).one() > 1
    verbs = list(db.session.scalars(select(AuditEntry.verb).where(AuditEntry.on_id == visit_id)))
    assert verbs.count("visit.approve") == 2
    assert "visit.reopen" in verbs


def test_without_a_reason_nothing_is_opened(phones: Phones, visit_id: str, log_in: LogIn) -> None:
    _approved(phones, visit_id)
    sent = {"reason": " ", "path": ["/record/situation"]}
    assert log_in(HEAD).post(f"/office/visits/{visit_id}/reopenings", data=sent).status_code == 422
    phone = phones(LEADER)
    phone.pull()
    assert visit_body(phone, visit_id)["status"] == "approved"


def test_what_was_ordered_is_looked_at_again(phones: Phones, visit_id: str, log_in: LogIn) -> None:
    _approved(phones, visit_id)
    office = log_in(OFFICER)
    sent = {"checked_on": "2026-07-21", "mended": "yes", "finding": "淘汰电动机已拆除"}
    for _press in "once", "and by the back button":
        assert office.post(f"/office/visits/{visit_id}/rechecks", data=sent).status_code == 303
    page = office.get(f"/office/visits/{visit_id}").text
    assert "8月5日" in page
    assert page.count("淘汰电动机已拆除") == 1


def test_a_recusal_the_party_asked_for_waits_for_the_head_and_holds_up_approval(
    phones: Phones, visit_id: str, log_in: LogIn
) -> None:
    phone = phones(LEADER)
    phone.pull()
    colleague = visit_body(phone, visit_id)["team"][1]["userId"]
    fill_in(phone, visit_id)
    phone.note(visit_id, "/steps/withdrawalAsked", {"done": True, "wall": 1, "withdrawal": True})
    reason = {"done": True, "wall": 1, "by": "party", "text": "是竞争对手的亲属"}
    phone.note(visit_id, f"/recusals/{colleague}", reason)
    sign_all(phone, visit_id)
    phone.submit(visit_id)
    phone.sync()
    early = phone.review(visit_id, "approve")
    phone.sync()
    assert [gap["code"] for gap in phone.results[early]["gaps"]] == ["recusal"]

    db.session.rollback()
    request = db.session.scalars(select(RecusalRequest.id)).one()
    decided = {"granted": "no", "words": "查无亲属关系"}
    address = f"/office/visits/{visit_id}/recusals/{request}/decisions"
    assert log_in(HEAD).post(address, data=decided).status_code == 303
    phone.review(visit_id, "approve")
    phone.sync()
    assert visit_body(phone, visit_id)["recusals"][0]["status"] == "refused"
    assert visit_body(phone, visit_id)["status"] == "approved"
