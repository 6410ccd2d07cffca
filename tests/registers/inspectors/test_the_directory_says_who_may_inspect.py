"""The directory shows who may be drawn today and why others may not, with the article; experts stand apart."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

from flask.testing import FlaskClient

from backend.plumbing.db import db
from backend.registers.imports.actions import upload
from backend.registers.imports.queries import bad_rows
from backend.registers.inspectors.models import Inspector
from backend.registers.inspectors.queries import drawable_inspectors, unavailable_inspectors
from tests.people import INSPECTOR, LEADER, OFFICER, Person
from tests.registers.inspectors.conftest import ENTERED, Acting
from tests.registers.sheets import as_xlsx

LogIn = Callable[[Person], FlaskClient]
Directory = dict[str, Inspector]


def test_an_expired_certificate_is_said_with_its_article(directory: Directory, log_in: LogIn) -> None:
    page = log_in(OFFICER).get(f"/office/inspectors/{directory['吴过期'].id}").text
    assert "证件已过期，不会被抽取" in page
    assert "不具有行政执法资格的人员不得实行行政执法检查" in page
    everyone = log_in(OFFICER).get("/office/inspectors").text
    assert "3 人，今天可抽 2 人" in everyone
    assert "郑专家" not in everyone


def test_experts_stand_apart(directory: Directory, log_in: LogIn) -> None:
    page = log_in(OFFICER).get("/office/inspectors?kind=experts").text
    assert "郑专家" in page
    assert "示例检测院" in page
    assert LEADER.name not in page


def test_who_is_away_all_the_time_is_not_drawn(directory: Directory, acting: Acting, log_in: LogIn) -> None:
    leader, window = directory[LEADER.name], (date(2026, 7, 27), date(2026, 8, 7))
    browser = log_in(OFFICER)
    away = {"kind": "leave", "first": "2026-07-20", "last": "2026-08-07"}
    assert browser.post(f"/office/inspectors/{leader.id}/leaves", data=away).status_code == 303
    db.session.rollback()
    agency_id = acting(OFFICER).agency_id
    assert leader.id not in {each.id for each in drawable_inspectors(agency_id, window[1], window[0])}
    reasons = {person.name: bar.words for person, bar in unavailable_inspectors(agency_id, *window)}
    assert reasons == {LEADER.name: "请假到 8月7日", "吴过期": "证件已过期"}
    assert leader.id in {each.id for each in drawable_inspectors(agency_id, date(2026, 8, 10), window[0])}
    page = browser.get(f"/office/inspectors/{leader.id}").text
    (cancel,) = {part.split('"')[0] for part in page.split('action="') if "cancellations" in part}
    assert browser.post(cancel).status_code == 303
    db.session.rollback()
    assert leader.id in {each.id for each in drawable_inspectors(agency_id, window[1], window[0])}


def test_a_leave_that_ends_before_it_begins_is_refused(directory: Directory, log_in: LogIn) -> None:
    backwards = {"kind": "leave", "first": "2026-08-07", "last": "2026-07-20"}
    answer = log_in(OFFICER).post(f"/office/inspectors/{directory['吴过期'].id}/leaves", data=backwards)
    assert answer.status_code == 422
    assert "止期不早于起期" in answer.text


def test_one_person_is_entered_changed_and_remembered(directory: Directory, log_in: LogIn) -> None:
    browser = log_in(OFFICER)
    answer = browser.post("/office/inspectors", data=ENTERED)
    assert answer.status_code == 303
    address = answer.headers["Location"]
    renewed = {**ENTERED, "certificate_no": "SL0000100", "regions": "样例区、示例区"}
    assert browser.post(address, data=renewed).status_code == 303
    page = browser.get(address).text
    assert "执法证号：SL0000099 → SL0000100" in page
    assert "片区：样例区 → 样例区、示例区" in page
    assert "冯样例" in browser.get("/office/inspectors?region=示例区&speciality=能源计量").text
    assert "冯样例" not in browser.get("/office/inspectors?region=演示县").text


def test_a_number_or_an_account_of_somebody_else_is_refused(directory: Directory, log_in: LogIn) -> None:
    browser = log_in(OFFICER)
    taken = browser.post("/office/inspectors", data={**ENTERED, "certificate_no": "SL0000001"})
    assert taken.status_code == 422
    assert "已有这个号码" in taken.text
    account = browser.post("/office/inspectors", data={**ENTERED, "user_id": LEADER.login})
    assert account.status_code == 422
    assert "一个账号只对应一人" in account.text
    missing = browser.post("/office/inspectors", data={**ENTERED, "post": ""})
    assert "岗位必须填写" in missing.text


def test_one_account_twice_in_a_file_is_a_bad_row(acting: Acting) -> None:
    rows = [
        {"姓名": f"甲{n}", "性别": "男", "岗位": "科员", "执法证号": f"SL10000{n}", "登录账号": LEADER.login}
        for n in (1, 2)
    ]
    officer = acting(OFFICER)
    held = upload(officer, "inspectors", "人员.xlsx", as_xlsx(rows))
    (bad,) = bad_rows(held)
    assert bad.number == 3


def test_what_is_exported_comes_in_again_as_the_same(
    directory: Directory, acting: Acting, log_in: LogIn
) -> None:
    content = BytesIO(log_in(OFFICER).get("/office/inspectors/directory.xlsx").data).getvalue()
    counts = upload(acting(OFFICER), "inspectors", "名录.xlsx", content).counts
    assert (counts["read"], counts["same"], counts["refused"]) == (3, 3, 0)


def test_an_inspector_reads_the_directory_and_takes_nothing_away(directory: Directory, log_in: LogIn) -> None:
    browser = log_in(INSPECTOR)
    assert browser.get(f"/office/inspectors/{directory[LEADER.name].id}").status_code == 200
    assert browser.get("/office/inspectors/directory.xlsx").status_code == 403
