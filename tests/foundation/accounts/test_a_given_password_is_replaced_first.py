"""A password that somebody else gave opens nothing but the page where its owner replaces it."""

import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from backend.foundation.accounts.queries import user_by_login
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db
from backend.registers.first_run.actions import found_below
from backend.registers.first_run.rules import Founding
from tests.people import ADMIN, OFFICER, PASSWORD, WITNESS, Person

LogIn = Callable[[Person], FlaskClient]
OWN = "只有我自己才知道的口令"


def given_by(admin: FlaskClient, app: Flask, person: Person) -> str:
    with app.app_context():
        user = user_by_login(person.login)
        assert user is not None
        user_id = user.id
        db.session.remove()
    page = admin.post(f"/office/people/{user_id}/passwords").text
    found = re.search(r'<code class="mono">([a-z2-7]{16})</code>', page)
    assert found is not None
    return found[1]


def enter(client: FlaskClient, login: str, password: str) -> int:
    return client.post("/office/login", data={"login": login, "password": password}).status_code


def replace(client: FlaskClient, present: str, chosen: str, again: str | None = None) -> int:
    form = {"present": present, "chosen": chosen, "again": chosen if again is None else again}
    return client.post("/office/password", data=form).status_code


def test_after_a_reset_only_the_page_to_replace_it_opens(
    app: Flask, log_in: LogIn, client: FlaskClient
) -> None:
    officer, admin = log_in(OFFICER), log_in(ADMIN)
    given = given_by(admin, app, OFFICER)
    assert officer.get("/office/").headers["Location"].startswith("/office/login"), "every session ended"
    assert "待换口令" in admin.get("/office/people").text
    assert enter(client, OFFICER.login, given) == 303
    assert client.get("/office/tasks").headers["Location"] == "/office/password"
    assert client.post("/office/tasks").status_code == 403
    assert client.get("/api/v1/session").get_json()["code"] == "password-is-initial"
    assert "别人给的" in client.get("/office/password").text
    assert replace(client, given, "太短") == 422
    assert replace(client, given, given) == 422
    assert replace(client, given, OWN, "输错了的新口令呀呀") == 422
    assert replace(client, "不是现在的口令", OWN) == 422
    assert replace(client, given, OWN) == 303
    assert client.get("/office/tasks").status_code == 200


def test_the_phone_says_where_to_replace_it(app: Flask, log_in: LogIn, client: FlaskClient) -> None:
    given = given_by(log_in(ADMIN), app, OFFICER)
    answer = client.post("/api/v1/session", json={"login": OFFICER.login, "password": given})
    assert (answer.status_code, answer.get_json()["code"]) == (403, "password-is-initial")


def test_the_phone_replaces_it_in_one_step(app: Flask, log_in: LogIn, client: FlaskClient) -> None:
    given = given_by(log_in(ADMIN), app, OFFICER)
    door = "/api/v1/session/passwords"
    asked = {"login": OFFICER.login, "password": given, "chosen": OWN}
    assert client.post(door, json={**asked, "password": "guess"}).get_json()["code"] == "login-failed"
    assert client.post(door, json={**asked, "chosen": "太短"}).get_json()["code"] == "new-password-wrong"
    assert client.get("/api/v1/session").status_code == 401, "nothing opened"
    assert client.post(door, json=asked).get_json()["user"]["name"] == OFFICER.name
    assert client.get("/api/v1/session").status_code == 200


def test_who_has_nothing_to_do_in_the_office_replaces_it_all_the_same(
    app: Flask, log_in: LogIn, client: FlaskClient
) -> None:
    given = given_by(log_in(ADMIN), app, WITNESS)
    with app.app_context():
        witness = user_by_login(WITNESS.login)
        assert witness is not None
        witness.roles = []
        db.session.commit()
    enter(client, WITNESS.login, given)
    assert client.get("/office/password").status_code == 200
    form = {"present": given, "chosen": OWN, "again": OWN}
    answer = client.post("/office/password", data=form)
    assert answer.status_code == 200
    assert "口令已更换" in answer.text


def test_a_changed_password_ends_the_sessions_that_the_old_one_opened(
    log_in: LogIn, client: FlaskClient
) -> None:
    elsewhere = log_in(OFFICER)
    enter(client, OFFICER.login, PASSWORD)
    assert replace(client, PASSWORD, OWN) == 303
    assert elsewhere.get("/office/").status_code == 303
    assert client.get("/office/").status_code == 200
    assert enter(client, OFFICER.login, PASSWORD) in (303, 401)


def test_the_first_administrator_and_whoever_an_administrator_adds_begin_with_one(
    app: Flask, log_in: LogIn, acting: Callable[[Person], Actor]
) -> None:
    admin = log_in(ADMIN)
    form = {"login": "xin", "name": "新同事", "password": "initial-words", "roles": ["officer"]}
    assert admin.post("/office/people", data=form).status_code == 303
    founding = Founding(
        "样例县工信局", "xgx", "县工信", "0124", ("综合科",), "zibo-industry", "xian.admin", "县主管"
    )
    founded = found_below(acting(ADMIN), founding)
    for login, password in (("xin", "initial-words"), ("xian.admin", founded.password)):
        browser = app.test_client()
        enter(browser, login, password)
        assert browser.get("/office/").headers["Location"] == "/office/password"
