"""The search finds what the agency has, by name or number, and nothing of another agency."""

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.inspections import Field
from tests.people import OFFICER, OUTSIDER, Person

LogIn = Callable[[Person], FlaskClient]
NAME = "示例市测试冶炼有限公司1"


def found(log_in: LogIn, person: Person, words: str) -> str:
    answer = log_in(person).get("/office/search", query_string={"q": words})
    assert answer.status_code == 200
    return answer.text


def test_an_entity_and_its_task_are_found(field: Field, log_in: LogIn) -> None:
    field.approved()
    page = found(log_in, OFFICER, "测试冶炼")
    assert NAME in page
    assert "检查对象　1" in page


def test_one_letter_is_too_little(field: Field, log_in: LogIn) -> None:
    field.approved()
    page = found(log_in, OFFICER, "示")
    assert "请写至少 2 个字" in page
    assert NAME not in page


def test_what_is_not_there_is_said_with_a_way_on(field: Field, log_in: LogIn) -> None:
    assert "没有找到。可以换一个写法" in found(log_in, OFFICER, "绝无此名")


def test_wildcards_are_only_letters(field: Field, log_in: LogIn) -> None:
    field.approved()
    assert NAME not in found(log_in, OFFICER, "%%")


def test_another_agency_finds_nothing(field: Field, log_in: LogIn) -> None:
    field.approved()
    assert NAME not in found(log_in, OUTSIDER, "测试冶炼")
