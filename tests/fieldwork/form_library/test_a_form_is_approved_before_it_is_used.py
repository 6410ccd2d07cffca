"""A form comes into force by upload, preview and approval of another person; then it never changes."""

from collections.abc import Callable
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient

from backend.fieldwork.form_library.models import FormVersion
from backend.fieldwork.visits.models import Visit
from backend.plumbing.db import db
from tests.fieldwork.form_library.workbooks import book_of, next_version
from tests.people import ADMIN, HEAD, OFFICER, OUTSIDER, OVERSIGHT, Person

LogIn = Callable[[Person], FlaskClient]
ENERGY = "zibo-industry/industrial-energy"


def _change(content: dict[str, object]) -> None:
    sections = content["sections"]
    assert isinstance(sections, list)
    sections[1]["items"][0]["label"] = "有能源管理制度并公布"


def _upload(browser: FlaskClient, book: bytes) -> tuple[int, str, str]:
    sent = {"file": (BytesIO(book), "节能监察.xlsx")}
    answer = browser.post("/office/forms/uploads", data=sent, content_type="multipart/form-data")
    return answer.status_code, answer.headers.get("Location", ""), answer.text


def _drafted(log_in: LogIn, person: Person = OFFICER) -> str:
    status, address, page = _upload(log_in(person), book_of(next_version(_change, ENERGY)))
    assert status == 303, page
    return address


def test_a_form_is_uploaded_previewed_handed_in_and_approved_by_another(
    context: Flask, log_in: LogIn
) -> None:
    address = _drafted(log_in)
    officer, oversight = log_in(OFFICER), log_in(OVERSIGHT)
    page = officer.get(address).text
    assert "手机上的样子" in page
    assert "比在用的第 2 版改了 1 处" in page
    assert "有能源管理制度并公布" in page
    assert officer.post(f"{address}/submissions").status_code == 303
    assert officer.post(f"{address}/approvals").status_code == 403
    assert f'href="{address}"' in oversight.get("/office/").text, "it waits on the work list of 综合法规科"
    assert f'href="{address}"' not in officer.get("/office/").text
    assert oversight.post(f"{address}/approvals").status_code == 303
    assert "本单位发布" in oversight.get("/office/forms").text
    db.session.rollback()
    held = db.session.query(FormVersion).one()
    assert (held.status, held.version, held.published_version) == ("published", 3, 3)
    assert oversight.post(f"{address}/approvals").status_code == 409


def test_a_new_visit_gets_the_new_version_and_an_open_one_keeps_its_own(
    log_in: LogIn, dispatch: Callable[..., str]
) -> None:
    before = dispatch(1)
    address = _drafted(log_in)
    log_in(OFFICER).post(f"{address}/submissions")
    log_in(OVERSIGHT).post(f"{address}/approvals")
    after = dispatch(2)
    db.session.rollback()
    old, new = (db.session.get_one(Visit, one).matters[0] for one in (before, after))
    published = db.session.query(FormVersion).one()
    assert old["formSha"] != new["formSha"] == published.sha


def test_nobody_approves_a_form_of_their_own(log_in: LogIn) -> None:
    address = _drafted(log_in, OVERSIGHT)
    oversight = log_in(OVERSIGHT)
    oversight.post(f"{address}/submissions")
    answer = oversight.post(f"{address}/approvals")
    assert answer.status_code == 403
    assert "另一位同事审定" in answer.text


def test_a_returned_form_says_why(log_in: LogIn) -> None:
    address = _drafted(log_in)
    oversight = log_in(OVERSIGHT)
    assert oversight.post(f"{address}/returns", data={"reason": "条号未核对"}).status_code == 409
    log_in(OFFICER).post(f"{address}/submissions")
    assert oversight.post(f"{address}/returns", data={"reason": "错"}).status_code == 422
    assert oversight.post(f"{address}/returns", data={"reason": "第 3 项条号未核对"}).status_code == 303
    assert "第 3 项条号未核对" in log_in(OFFICER).get(address).text


def test_the_second_of_two_drafts_with_one_number_is_refused(log_in: LogIn) -> None:
    first = _drafted(log_in)
    second = _drafted(log_in, ADMIN)
    for address, person in ((first, OFFICER), (second, ADMIN)):
        log_in(person).post(f"{address}/submissions")
    oversight = log_in(OVERSIGHT)
    assert oversight.post(f"{first}/approvals").status_code == 303
    answer = oversight.post(f"{second}/approvals")
    assert answer.status_code == 409
    assert "这期间已发布第 3 版" in answer.text


def test_a_wrong_number_another_rule_and_no_change_are_told_at_their_cells(log_in: LogIn) -> None:
    officer = log_in(OFFICER)
    skipped = next_version(_change, ENERGY) | {"version": 9}
    foreign = next_version(_change, "yiyuan-police/hotel")
    same = next_version(None, ENERGY) | {"version": 2}
    for content, words in (
        (skipped, "版本应为 3"),
        (foreign, "代号应以本单位的规则"),
        (same, "与已发布的第 2 版完全相同"),
    ):
        status, _, page = _upload(officer, book_of(content))
        assert status == 422
        assert "表单!B" in page
        assert words in page


def test_another_agency_and_other_roles_are_kept_out(log_in: LogIn) -> None:
    address = _drafted(log_in)
    assert log_in(OUTSIDER).get(address).status_code == 404
    assert log_in(OUTSIDER).post(f"{address}/submissions").status_code == 404
    assert _upload(log_in(HEAD), book_of(next_version(_change, ENERGY)))[0] == 403


def test_the_template_and_a_form_in_force_are_downloaded(log_in: LogIn) -> None:
    officer = log_in(OFFICER)
    assert officer.get("/office/forms/template.xlsx").data.startswith(b"PK")
    assert officer.get(f"/office/forms/newest.xlsx?form={ENERGY}").data.startswith(b"PK")
    assert "示例，使用前由法制机构核定" in officer.get(f"/office/forms/newest?form={ENERGY}").text
