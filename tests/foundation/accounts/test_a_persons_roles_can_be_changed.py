"""Roles and department of an account: at least one role, changed with a reason, at once, and never the last administrator."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from backend.foundation.accounts.queries import user_by_login
from backend.plumbing.db import db
from tests.people import ADMIN, OFFICER, Person

LogIn = Callable[[Person], FlaskClient]
REASON = "调到综合法规科"


def id_of(app: Flask, person: Person) -> int:
    with app.app_context():
        user = user_by_login(person.login)
        assert user is not None
        user_id = user.id
        db.session.remove()
    return user_id


def test_nobody_gets_a_login_without_a_role(log_in: LogIn) -> None:
    admin = log_in(ADMIN)
    form = {"login": "xin", "name": "新同事", "password": "initial-words"}
    answer = admin.post("/office/people", data=form)
    assert answer.status_code == 422
    assert "至少勾选一个岗位" in answer.text
    assert "新同事</b>" not in admin.get("/office/people").text


def test_new_roles_hold_at_once_in_open_sessions_and_stand_in_the_trail(app: Flask, log_in: LogIn) -> None:
    admin, officer, user_id = log_in(ADMIN), log_in(OFFICER), id_of(app, OFFICER)
    assert officer.get("/office/audit").status_code == 403
    form = {"roles": ["oversight"], "department_id": "", "reason": REASON}
    assert admin.post(f"/office/people/{user_id}/posts", data=form).status_code == 303
    trail = officer.get("/office/audit")
    assert trail.status_code == 200
    assert "更改岗位和科室" in trail.text


def test_a_change_says_why_and_leaves_a_role(app: Flask, log_in: LogIn) -> None:
    admin, user_id = log_in(ADMIN), id_of(app, OFFICER)
    door = f"/office/people/{user_id}/posts"
    without_reason = admin.post(door, data={"roles": ["oversight"], "reason": ""})
    assert without_reason.status_code == 422
    assert 'value="oversight" checked' in without_reason.text, "what was chosen stays"
    without_role = admin.post(door, data={"reason": REASON})
    assert without_role.status_code == 422
    assert "至少勾选一个岗位" in without_role.text
    assert log_in(OFFICER).get("/api/v1/session").get_json()["user"]["roles"] == sorted(OFFICER.roles)


def test_the_last_administrator_stays_one(app: Flask, log_in: LogIn) -> None:
    admin, user_id = log_in(ADMIN), id_of(app, ADMIN)
    away = {"roles": ["officer"], "reason": REASON}
    refused = admin.post(f"/office/people/{user_id}/posts", data=away)
    assert refused.status_code == 409
    assert "唯一能登录的管理员" in refused.text
    assert admin.post(f"/office/people/{user_id}/closures", data={"disabled": "1"}).status_code == 409
    another = {"roles": ["admin", "officer"], "reason": REASON}
    assert admin.post(f"/office/people/{id_of(app, OFFICER)}/posts", data=another).status_code == 303
    assert admin.post(f"/office/people/{user_id}/posts", data=away).status_code == 303
    assert admin.get("/office/people").status_code == 403


def test_only_an_administrator_of_the_same_agency_changes_roles(app: Flask, log_in: LogIn) -> None:
    form = {"roles": ["admin"], "reason": REASON}
    user_id = id_of(app, OFFICER)
    assert log_in(OFFICER).post(f"/office/people/{user_id}/posts", data=form).status_code == 403
    assert log_in(OFFICER).get(f"/office/people/{user_id}").status_code == 403
