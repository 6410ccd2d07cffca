"""Whoever is drawn without a login cannot be sent out: seen before the draw, mended in one go by the administrator."""

import re
from collections.abc import Callable
from datetime import date

from flask import Flask
from flask.testing import FlaskClient

from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db
from backend.registers.inspectors.queries import without_login
from tests.people import ADMIN, OFFICER, Person
from tests.registers.inspectors.conftest import enlist

LogIn = Callable[[Person], FlaskClient]
DOOR = "/office/inspectors/logins"


def test_all_get_a_login_at_once_and_it_opens_with_the_certificate_number(
    app: Flask, log_in: LogIn, acting: Callable[[Person], Actor], client: FlaskClient
) -> None:
    officer = acting(OFFICER)
    enlist(officer, "郑示例", "SL0000701", date(2030, 1, 1))
    enlist(officer, "何示例", "SL0000702", date(2030, 1, 1))
    enlist(officer, "占号", OFFICER.login.upper(), date(2030, 1, 1))
    db.session.commit()
    admin, in_office = log_in(ADMIN), log_in(OFFICER)
    assert "没有登录账号" in in_office.get("/office/inspectors").text
    assert "没有登录账号" in admin.get("/office/first-run").text
    assert "开账号由本单位管理员办" in in_office.get(DOOR).text
    assert in_office.post(DOOR).status_code == 403
    page = admin.post(DOOR).text
    given = dict(re.findall(r">(\S+)</td>\s*<td[^>]*>([a-z2-7]{16})</td>", page))
    assert {"sl0000701", "sl0000702"} <= set(given)
    db.session.rollback()
    assert [person.name for person in without_login(officer.agency_id)] == ["占号"], "the login is taken"
    asked = {"login": "SL0000701", "password": given["sl0000701"], "chosen": "我自己选的口令这回够长了"}
    answer = client.post("/api/v1/session/passwords", json=asked)
    assert answer.get_json()["user"] | {"id": 0, "agencyId": 0, "agencyName": ""} == {
        "id": 0,
        "name": "郑示例",
        "agencyId": 0,
        "agencyName": "",
        "roles": ["inspector"],
    }
    assert "sl0000702" not in re.findall(r"[a-z2-7]{16}", admin.get(DOOR).text)


def test_the_form_names_who_a_login_belongs_to(log_in: LogIn) -> None:
    assert f"{OFFICER.login}　{OFFICER.name}" in log_in(OFFICER).get("/office/inspectors/new").text
