"""A report that is not public yet is shown by the rule for visits: the office sees every one, an inspector those of their teams."""

from collections.abc import Callable

from flask.testing import FlaskClient

from backend.decisions.publication.actions import publish
from tests.inspections import CHANNELS, PROBLEM, Field
from tests.people import INSPECTOR, OFFICER, RECUSED, Person

LogIn = Callable[[Person], FlaskClient]


def test_another_teams_report_is_not_found_until_it_is_public(field: Field, log_in: LogIn) -> None:
    visit_id = field.formed({"originalRecords": PROBLEM})
    address = f"/office/results/{visit_id}"
    assert [log_in(person).get(address).status_code for person in (INSPECTOR, OFFICER, RECUSED)] == [
        200,
        200,
        404,
    ]
    field.act(OFFICER, publish, visit_id, CHANNELS)
    assert log_in(RECUSED).get(address).status_code == 200


def test_the_lists_count_only_what_the_person_may_see(field: Field, log_in: LogIn) -> None:
    field.formed(name="示例市甲测试有限公司")
    listed = "/office/results?stage=to_publish"
    assert "示例市甲测试有限公司" in log_in(INSPECTOR).get(listed).text
    assert "示例市甲测试有限公司" not in log_in(RECUSED).get(listed).text
