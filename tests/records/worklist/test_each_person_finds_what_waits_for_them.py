"""The office's first page: each step of an inspection waits for those whose duty it is, with its deadline and article."""

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.conftest import FixedClock
from tests.inspections import Field
from tests.people import ADMIN, HEAD, LEADER, OFFICER, OUTSIDER, Person

LogIn = Callable[[Person], FlaskClient]


def page_of(log_in: LogIn, person: Person) -> str:
    answer = log_in(person).get("/office/")
    assert answer.status_code == 200
    return answer.text


def test_an_approved_visit_waits_for_its_report(field: Field, log_in: LogIn) -> None:
    field.approved()
    page = page_of(log_in, OFFICER)
    assert "形成结果报告：示例市测试冶炼有限公司1" in page
    assert "个工作日，截止 " in page


def test_a_visit_that_could_not_take_place_is_not_called_in_order(field: Field, log_in: LogIn) -> None:
    field.closed("closed")
    page = page_of(log_in, OFFICER)
    assert "无法检查：已关闭停业或正在组织清算" in page
    assert "未发现问题" not in page


def test_a_formed_report_waits_to_be_published(field: Field, log_in: LogIn) -> None:
    visit_id = field.formed()
    page = page_of(log_in, OFFICER)
    assert "结果还没公示：示例市测试冶炼有限公司1" in page
    assert f"/office/results/{visit_id}" in page


def test_what_is_published_waits_for_nobody(field: Field, log_in: LogIn) -> None:
    field.published()
    assert "示例市测试冶炼有限公司1" not in page_of(log_in, OFFICER)


def test_a_submitted_visit_waits_for_its_leader_alone(field: Field, log_in: LogIn) -> None:
    field.visit()
    assert "签批检查结果：示例市测试冶炼有限公司1" in page_of(log_in, LEADER)
    assert "签批检查结果" not in page_of(log_in, OFFICER)


def test_expired_rules_wait_for_the_administrator(clock: FixedClock, log_in: LogIn) -> None:
    clock.advance(days=230)
    assert "年是否继续执行现行规则" in page_of(log_in, ADMIN)
    assert "年是否继续执行现行规则" not in page_of(log_in, HEAD)


def test_another_agency_sees_none_of_it(field: Field, log_in: LogIn) -> None:
    field.approved()
    assert "示例市测试冶炼有限公司1" not in page_of(log_in, OUTSIDER)
