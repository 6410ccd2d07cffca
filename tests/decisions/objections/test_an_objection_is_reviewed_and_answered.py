"""异议 (003 art. 16): lodged within 60 working days, reviewed within 20, answered within 7."""

from collections.abc import Callable
from datetime import date

from flask.testing import FlaskClient

from backend.core.ids import uuid7
from backend.decisions.objections.queries import objections_to, with_deadlines
from tests.inspections import PROBLEM, Field
from tests.people import OFFICER, OUTSIDER, Person

LogIn = Callable[[Person], FlaskClient]
FORM_ID = uuid7(1, b"0123456789")


def application(result_id: int, **changed: str) -> dict[str, str]:
    filled = {
        "form_id": FORM_ID,
        "result_id": str(result_id),
        "lodged_by": "示例市测试冶炼有限公司",
        "contact": "13912345678",
        "grounds": "台账存放在集团，当天未能出示",
        "received": "2026-07-23",
    }
    return {**filled, **changed}


def lodged(field: Field, log_in: LogIn) -> tuple[FlaskClient, int, int]:
    result = field.published({"originalRecords": PROBLEM})
    field.go_to(2026, 7, 23)
    officer = log_in(OFFICER)
    assert officer.post("/office/objections", data=application(result.id)).status_code == 303
    (objection,) = field.see(objections_to, result.id)
    return officer, result.id, objection.id


def test_the_review_has_twenty_working_days_with_its_article(field: Field, log_in: LogIn) -> None:
    officer, result_id, objection_id = lodged(field, log_in)
    (objection,) = field.see(objections_to, result_id)
    (line,) = field.see(with_deadlines, objection.agency_id, [objection])
    assert line.running is not None
    assert (line.running.wd, line.running.due) == (20, date(2026, 8, 20))
    assert "复查情况" not in officer.get(f"/office/objections/{objection_id}").text.split("期限")[0]
    assert "剩 20 个工作日" in officer.get("/office/objections").text


def test_sending_the_same_form_twice_registers_one_objection(field: Field, log_in: LogIn) -> None:
    officer, result_id, _ = lodged(field, log_in)
    assert officer.post("/office/objections", data=application(result_id)).status_code == 303
    assert len(field.see(objections_to, result_id)) == 1


def test_an_objection_before_publication_or_in_the_future_is_refused(field: Field, log_in: LogIn) -> None:
    result = field.published()
    for received in ("2026-07-20", "2026-07-30"):
        answer = log_in(OFFICER).post("/office/objections", data=application(result.id, received=received))
        assert answer.status_code == 422
        assert "台账存放在集团" in answer.text


def test_an_objection_after_sixty_working_days_is_refused_with_the_article(
    field: Field, log_in: LogIn
) -> None:
    result = field.published()
    field.go_to(2026, 11, 9)
    late = application(result.id, received="2026-11-09")
    answer = log_in(OFFICER).post("/office/objections", data=late)
    assert answer.status_code == 409
    assert "提出异议的期限已于" in answer.text
    assert "自检查结果公示之日起60个工作日内" in answer.text


def test_a_date_that_is_none_is_told_in_words(field: Field, log_in: LogIn) -> None:
    result = field.published()
    answer = log_in(OFFICER).post("/office/objections", data=application(result.id, received="昨天"))
    assert answer.status_code == 422
    assert "日期应为 2026-07-21 这样" in answer.text


def test_nothing_can_be_objected_to_before_it_is_public(field: Field, log_in: LogIn) -> None:
    result = field.result(field.formed())
    answer = log_in(OFFICER).post("/office/objections", data=application(result.id))
    assert answer.status_code == 409


def test_a_dismissed_objection_leaves_the_result_and_must_still_be_answered(
    field: Field, log_in: LogIn
) -> None:
    officer, result_id, objection_id = lodged(field, log_in)
    early = officer.post(f"/office/objections/{objection_id}/answers", data={"how": "电话"})
    assert early.status_code == 409
    decision = {"form_id": FORM_ID, "outcome": "dismissed", "opinion": "检查时确未设立台账"}
    assert officer.post(f"/office/objections/{objection_id}/decisions", data=decision).status_code == 303
    assert "剩 7 个工作日" in officer.get("/office/objections").text
    officer.post(f"/office/objections/{objection_id}/answers", data={"how": "书面送达"})
    (objection,) = field.see(objections_to, result_id)
    assert (objection.status, objection.answered_how) == ("dismissed", "书面送达")
    again = officer.post(f"/office/objections/{objection_id}/decisions", data=decision)
    assert again.status_code == 409


def test_a_decision_without_an_opinion_changes_nothing(field: Field, log_in: LogIn) -> None:
    officer, result_id, objection_id = lodged(field, log_in)
    answer = officer.post(
        f"/office/objections/{objection_id}/decisions",
        data={"form_id": FORM_ID, "outcome": "dismissed", "opinion": " "},
    )
    assert answer.status_code == 422
    assert field.see(objections_to, result_id)[0].decided_at is None


def test_another_agency_finds_neither_the_objection_nor_the_result(field: Field, log_in: LogIn) -> None:
    _, result_id, objection_id = lodged(field, log_in)
    outsider = log_in(OUTSIDER)
    assert outsider.get(f"/office/objections/{objection_id}").status_code == 404
    assert outsider.get(f"/office/objections/new?result={result_id}").status_code == 404
    other = application(result_id, form_id=uuid7(2, b"0123456789"))
    assert outsider.post("/office/objections", data=other).status_code == 404
