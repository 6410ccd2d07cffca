"""What was typed into a form that is refused stands in it again, whichever page shows the refusal."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from backend.foundation.permissions.actor import Actor
from backend.plumbing.web.refilled import refilled
from tests.people import OFFICER, Person
from tests.registers.entities.entering import enter

pytestmark = pytest.mark.one_database

TYPED = MultiDict(
    [
        ("name", "甲 & “乙”"),
        ("name", "第二个"),
        ("kind", "b"),
        ("words", "一行\n<二>行"),
        ("many", "2"),
        ("one", "x"),
        ("secret", "口令"),
        ("id", "7"),
    ]
)
PAGE = """<!doctype html><!-- a note --><svg viewBox="0 0 1 1"><path d="M1"/></svg>&nbsp;&#12288;
<details class="confirm"><summary>打开</summary><form method="post" action="/here"><input type="hidden" name="id" value="7">
<input name="name" value="旧"><input name="name"><input type="password" name="secret">
<select name="kind"><option value="a" selected>甲</option><option value="b">乙</option></select>
<textarea name="words">旧<b>的</textarea>
<input type="checkbox" name="many" value="1" checked><input type="checkbox" name="many" value="2">
<input type="radio" name="one" value="x"><input type="radio" name="one" value="y" checked></form></details>"""


def test_every_kind_of_field_holds_what_was_typed_and_the_fold_is_open() -> None:
    page = refilled(PAGE, "/here", TYPED)
    assert '<details class="confirm" open>' in page
    assert 'name="name" value="甲 &amp; “乙”"' in page
    assert '<input name="name" value="第二个">' in page
    assert '<option value="a">甲</option><option value="b" selected>' in page
    assert '<textarea name="words">\n一行\n&lt;二&gt;行</textarea>' in page
    assert 'value="1"><input type="checkbox" name="many" value="2" checked>' in page
    assert 'value="x" checked><input type="radio" name="one" value="y">' in page
    assert "口令" not in page


@pytest.mark.parametrize("other", ['action="/there"', 'method="get"'])
def test_another_form_stays_as_it_is(other: str) -> None:
    name, _, _ = other.partition("=")
    page = PAGE.replace({"action": 'action="/here"', "method": 'method="post"'}[name], other)
    assert refilled(page, "/here", TYPED) == page


def test_forms_of_one_action_are_told_apart_by_what_the_page_put_into_them() -> None:
    page = PAGE.replace('value="7"', 'value="8"')
    assert refilled(page, "/here", TYPED) == page


def test_a_page_of_the_office_gives_back_what_was_typed_beside_the_refusal(
    acting: Callable[[Person], Actor], log_in: Callable[[Person], FlaskClient]
) -> None:
    made = enter(acting(OFFICER), 1)
    typed = {"flag": "complaints", "source": "投诉〔2026〕7号", "until": "2020-01-01"}
    answer = log_in(OFFICER).post(f"/office/entities/{made.id}/flags", data=typed)
    assert answer.status_code == 422
    assert 'value="投诉〔2026〕7号"' in answer.text
    assert '<option value="complaints" selected>' in answer.text
    assert 'role="alert"' in answer.text


@pytest.mark.parametrize("address", ["/office/trainings", "/office/nowhere"])
def test_a_form_that_is_too_big_is_refused_for_that(
    address: str, log_in: Callable[[Person], FlaskClient]
) -> None:
    parts = b"".join(b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' for _ in range(2000))
    kind = "multipart/form-data; boundary=b"
    answer = log_in(OFFICER).post(address, data=parts + b"--b--\r\n", content_type=kind)
    assert answer.status_code == (413 if address == "/office/trainings" else 404)
