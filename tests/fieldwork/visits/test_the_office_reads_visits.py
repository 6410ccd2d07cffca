"""The office's pages: what the team captured, who sees which visit, and closing one that cannot be made."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.fieldwork.phones import FAIL, Phones, fill_in, item, sign_all
from tests.people import HEAD, INSPECTOR, LEADER, OFFICER, OUTSIDER, RECUSED, Person

LogIn = Callable[[Person], FlaskClient]


def test_a_captured_visit_is_shown_with_its_fails_first(phones: Phones, visit_id: str, log_in: LogIn) -> None:
    phone = phones(LEADER)
    phone.pull()
    fill_in(phone, visit_id)
    sign_all(phone, visit_id, party=False)
    phone.refuse(visit_id, "不认可", "当事人看过后拒绝签字。", {"name": "孙见证", "contact": ""})
    phone.submit(visit_id)
    phone.sync()
    page = log_in(HEAD).get(f"/office/visits/{visit_id}").text
    for words in (
        "先看不合格的 1 项",
        FAIL["problem"],
        "其他用能单位",
        "当事人拒签",
        "孙见证",
        "待审批",
        "1 / 1 件在服务器",
    ):
        assert words in page, words
    assert "先看不合格" in page.split("全部")[0]
    listed = log_in(HEAD).get("/office/visits?status=submitted&q=第1").text
    assert visit_id in listed


def test_conflicting_answers_and_gaps_are_named(phones: Phones, visit_id: str, log_in: LogIn) -> None:
    first, second = phones(LEADER), phones(INSPECTOR)
    for phone in (first, second):
        phone.pull()
    path = item(first, visit_id, "training")
    first.answer(visit_id, path, {"result": "pass", "problem": None, "disposal": None})
    second.answer(visit_id, path, FAIL)
    first.sync()
    second.sync()
    page = log_in(OFFICER).get(f"/office/visits/{visit_id}").text
    assert "两人答案不同" in page
    assert "缺当事人签字或拒签说明" in page


@pytest.mark.parametrize(
    ("person", "status"), [(LEADER, 200), (OFFICER, 200), (RECUSED, 404), (OUTSIDER, 404)]
)
def test_a_visit_is_seen_by_its_team_and_its_agencys_office(
    visit_id: str, log_in: LogIn, person: Person, status: int
) -> None:
    browser = log_in(person)
    assert browser.get(f"/office/visits/{visit_id}").status_code == status
    assert (visit_id in browser.get("/office/visits").text) == (status == 200)


def test_a_visit_that_cannot_be_made_is_closed_with_its_reason(
    phones: Phones, visit_id: str, log_in: LogIn
) -> None:
    browser, address = log_in(OFFICER), f"/office/visits/{visit_id}/closures"
    assert browser.post(address, data={"reason": "tired", "note": "x"}).status_code == 422
    assert browser.post(address, data={"reason": "unreachable", "note": " "}).status_code == 422
    done = browser.post(address, data={"reason": "unreachable", "note": "两次到登记住所，无人，拍照 2 张"})
    assert done.status_code == 303
    page = browser.get(f"/office/visits/{visit_id}").text
    assert "登记的住所（经营场所）无法联系" in page
    assert "（作废）" in page
    assert browser.post(address, data={"reason": "closed", "note": "再来一次"}).status_code == 409
    phone = phones(LEADER)
    phone.pull()
    assert phone.visits()[0]["status"] == "closed"


def test_an_empty_office_says_what_comes_next(log_in: LogIn) -> None:
    assert "还没有派发的检查" in log_in(HEAD).get("/office/visits").text
