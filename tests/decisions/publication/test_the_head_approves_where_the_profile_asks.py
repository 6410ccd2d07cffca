"""Under rules that ask for it (002, 004: 履行审批程序), nothing is public before the head has approved exactly this report."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from backend.foundation.rule_profiles.actions import set_value
from tests.decisions.publication.test_results_are_published_once_and_in_time import send
from tests.inspections import Field
from tests.people import ADMIN, HEAD, OFFICER, Person

LogIn = Callable[[Person], FlaskClient]


@pytest.fixture(autouse=True)
def rules_that_ask_for_the_head(field: Field) -> None:
    field.act(
        ADMIN, set_value, "result.head_approves", "是", "检查结果公示前履行审批程序", "示工信发〔2026〕4号"
    )


def test_nothing_is_public_before_the_head_has_approved(field: Field, log_in: LogIn) -> None:
    visit_id = field.formed()
    assert send(log_in(OFFICER), visit_id) == 409
    assert log_in(HEAD).post(f"/office/results/{visit_id}/approvals").status_code == 303
    assert send(log_in(OFFICER), visit_id) == 303


def test_a_returned_report_is_formed_and_approved_anew(field: Field, log_in: LogIn) -> None:
    visit_id = field.formed()
    head = log_in(HEAD)
    assert head.post(f"/office/results/{visit_id}/returns", data={"reason": ""}).status_code == 422
    assert (
        head.post(f"/office/results/{visit_id}/returns", data={"reason": "写明复查安排"}).status_code == 303
    )
    assert field.report(visit_id).formed_at is None
    assert "写明复查安排" in log_in(OFFICER).get(f"/office/results/{visit_id}").text
    field.form(visit_id)
    assert send(log_in(OFFICER), visit_id) == 409
    head.post(f"/office/results/{visit_id}/approvals")
    assert send(log_in(OFFICER), visit_id) == 303


def test_the_officer_cannot_approve_in_the_heads_place(field: Field, log_in: LogIn) -> None:
    visit_id = field.formed()
    assert log_in(OFFICER).post(f"/office/results/{visit_id}/approvals").status_code == 403
    assert field.result(visit_id).published_at is None
