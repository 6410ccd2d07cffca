"""更正 (003 art. 16): only the head's signature changes a published result, and the old words stay beside the new."""

from collections.abc import Callable

from flask.testing import FlaskClient

from backend.core.ids import uuid7
from backend.decisions.objections.queries import corrections_of, objections_to, unsigned_corrections
from backend.decisions.results.models import Result
from tests.decisions.objections.test_an_objection_is_reviewed_and_answered import lodged
from tests.inspections import PROBLEM, Field
from tests.people import HEAD, OFFICER, OVERSIGHT, Person

LogIn = Callable[[Person], FlaskClient]
FORM_ID = uuid7(3, b"0123456789")


def proposal(result: Result, **changed: str) -> dict[str, str]:
    filled = {
        "form_id": FORM_ID,
        "result_id": str(result.id),
        "code": "nothing-found",
        "text": "未发现问题",
        "disposal": "无需后续处置",
        "reason": "台账在集团，复查时已出示",
    }
    return {**filled, **changed}


def test_nothing_changes_until_the_head_has_signed(field: Field, log_in: LogIn) -> None:
    result = field.published({"originalRecords": PROBLEM})
    assert log_in(OFFICER).post("/office/objections/corrections", data=proposal(result)).status_code == 303
    assert field.result(result.visit_id).code == "corrected"
    assert field.see(corrections_of, result.id) == []


def test_signing_changes_the_words_and_keeps_the_old_ones(field: Field, log_in: LogIn) -> None:
    result = field.published({"originalRecords": PROBLEM})
    log_in(OFFICER).post("/office/objections/corrections", data=proposal(result))
    (draft,) = field.see(unsigned_corrections, result.agency_id)
    head = log_in(HEAD)
    for _ in range(2):
        assert head.post(f"/office/objections/corrections/{draft.id}/signatures").status_code == 303
    (signed,) = field.see(corrections_of, result.id)
    assert signed.before == {"code": "corrected", "text": PROBLEM["problem"], "disposal": "责令限期改正"}
    assert signed.signed_by_name == HEAD.name
    assert field.result(result.visit_id).text == "未发现问题"
    assert "原为“发现问题已责令改正”" in head.get(f"/office/results/{result.visit_id}").text


def test_an_upheld_objection_drafts_its_correction(field: Field, log_in: LogIn) -> None:
    officer, result_id, objection_id = lodged(field, log_in)
    (objection,) = field.see(objections_to, result_id)
    decision = {
        "form_id": FORM_ID,
        "outcome": "upheld",
        "opinion": "复查时出示了台账",
        "code": "nothing-found",
        "text": "未发现问题",
        "disposal": "无需后续处置",
    }
    assert officer.post(f"/office/objections/{objection_id}/decisions", data=decision).status_code == 303
    (draft,) = field.see(unsigned_corrections, objection.agency_id)
    assert (draft.objection_id, draft.reason) == (objection_id, "复查时出示了台账")


def test_upholding_without_any_change_decides_nothing(field: Field, log_in: LogIn) -> None:
    officer, result_id, objection_id = lodged(field, log_in)
    decision = {
        "form_id": FORM_ID,
        "outcome": "upheld",
        "opinion": "有误",
        "code": "corrected",
        "text": PROBLEM["problem"],
        "disposal": "责令限期改正",
    }
    assert officer.post(f"/office/objections/{objection_id}/decisions", data=decision).status_code == 422
    assert field.see(objections_to, result_id)[0].decided_at is None


def test_only_the_head_signs(field: Field, log_in: LogIn) -> None:
    result = field.published({"originalRecords": PROBLEM})
    log_in(OFFICER).post("/office/objections/corrections", data=proposal(result))
    (draft,) = field.see(unsigned_corrections, result.agency_id)
    for person in (OFFICER, OVERSIGHT):
        answer = log_in(person).post(f"/office/objections/corrections/{draft.id}/signatures")
        assert answer.status_code == 403
    assert field.result(result.visit_id).code == "corrected"
