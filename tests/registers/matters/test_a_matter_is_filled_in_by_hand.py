"""One matter can be entered and changed by hand, through the same columns as a file's row, with its history."""

from collections.abc import Callable

from flask.testing import FlaskClient

from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db
from backend.registers.matters.columns import columns
from backend.registers.matters.queries import matters_of, published_matters
from tests.people import INSPECTOR, OFFICER, Person
from tests.registers.matters.conftest import HEADINGS, ROWS

LogIn = Callable[[Person], FlaskClient]
ENTERED = {column.field: ROWS[0].get(HEADINGS[column.field], "") for column in columns({})}


def test_one_is_entered_and_waits_for_the_next_version(published: Actor, log_in: LogIn) -> None:
    answer = log_in(OFFICER).post("/office/matters", data={**ENTERED, "code": "SLGX-99"})
    assert answer.status_code == 303
    page = log_in(OFFICER).get(answer.headers["Location"]).text
    assert "SLGX-99" in page
    assert "手工填写" in page
    db.session.rollback()
    assert "SLGX-99" not in {each.code for each in published_matters(published.agency_id)}


def test_a_change_is_remembered_with_both_texts(published: Actor, log_in: LogIn) -> None:
    held = matters_of(published.agency_id)[0]
    browser = log_in(OFFICER)
    assert "SLGX-01" in browser.get(f"/office/matters/{held.id}/edit").text
    answer = browser.post(f"/office/matters/{held.id}", data={**ENTERED, "objects": "规模以上工业企业"})
    assert answer.status_code == 303
    assert "抽查对象：工业企业 → 规模以上工业企业" in browser.get(f"/office/matters/{held.id}").text


def test_what_is_missing_is_said_at_its_field_with_the_article_and_nothing_is_lost(
    published: Actor, log_in: LogIn
) -> None:
    entered = {**ENTERED, "code": "SLGX-98", "content": "", "name": "新事项"}
    answer = log_in(OFFICER).post("/office/matters", data=entered)
    assert answer.status_code == 422
    assert "抽查内容必须填写" in answer.text
    assert "随机抽查事项名称、抽查对象、抽查内容" in answer.text
    assert 'value="新事项"' in answer.text


def test_a_code_that_is_taken_is_not_written_over(published: Actor, log_in: LogIn) -> None:
    answer = log_in(OFFICER).post("/office/matters", data={**ENTERED, "name": "另一个事项"})
    assert answer.status_code == 422
    assert "已有这个编码" in answer.text
    db.session.rollback()
    assert "另一个事项" not in {each.name for each in matters_of(published.agency_id)}


def test_an_inspector_reads_the_list_and_changes_nothing(published: Actor, log_in: LogIn) -> None:
    browser = log_in(INSPECTOR)
    assert "新增" not in browser.get("/office/matters").text
    assert browser.post("/office/matters", data=ENTERED).status_code == 403
