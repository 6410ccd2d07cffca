"""移交、移送 (003 art. 18): to the daily supervisor, the case-handling unit or the judiciary, with the article beside each."""

from collections.abc import Callable

from flask.testing import FlaskClient

from backend.core.ids import uuid7
from backend.decisions.referrals.queries import referrals_from, routes
from tests.inspections import PROBLEM, Field
from tests.people import OFFICER, OUTSIDER, Person

LogIn = Callable[[Person], FlaskClient]
FORM_ID = uuid7(4, b"0123456789")


def handed_over(result_id: int, **changed: str) -> dict[str, str]:
    filled = {
        "form_id": FORM_ID,
        "result_id": str(result_id),
        "kind": "crime",
        "receiver": "示例市公安局",
        "facts": "涉嫌伪造计量数据",
        "materials": "现场笔录\n照片 3 张",
    }
    return {**filled, **changed}


def test_each_kind_names_its_receiver_and_article(field: Field) -> None:
    result = field.result(field.formed({"originalRecords": PROBLEM}))
    by_kind = {route.kind: route for route in field.see(routes, result.agency_id)}
    assert by_kind["crime"].receiver == "司法机关"
    assert all(route.citation and route.citation.article == "18" for route in by_kind.values())


def test_it_is_kept_once_with_facts_materials_and_reply(field: Field, log_in: LogIn) -> None:
    result = field.result(field.formed({"originalRecords": PROBLEM}))
    officer = log_in(OFFICER)
    for _ in range(2):
        assert officer.post("/office/referrals", data=handed_over(result.id)).status_code == 303
    (referral,) = field.see(referrals_from, result.id)
    officer.post(f"/office/referrals/{referral.id}/replies", data={"reply": "已受理"})
    page = officer.get(f"/office/referrals/{referral.id}").text
    assert "照片 3 张" in page
    assert "已受理" in page


def test_facts_and_receiver_must_be_stated(field: Field, log_in: LogIn) -> None:
    result = field.result(field.formed({"originalRecords": PROBLEM}))
    for missing in ("kind", "receiver", "facts"):
        answer = log_in(OFFICER).post("/office/referrals", data=handed_over(result.id, **{missing: " "}))
        assert answer.status_code == 422
    assert field.see(referrals_from, result.id) == []


def test_another_agency_cannot_refer_it(field: Field, log_in: LogIn) -> None:
    result = field.result(field.formed({"originalRecords": PROBLEM}))
    assert log_in(OUTSIDER).post("/office/referrals", data=handed_over(result.id)).status_code == 404
