"""Sessions: opened by password, revoked at once, slowed down when guessed."""

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.conftest import FixedClock
from tests.people import ADMIN, OFFICER, PASSWORD, Person

SESSION = "/api/v1/session"
LogIn = Callable[[Person], FlaskClient]


def test_the_right_password_opens_a_session(client: FlaskClient) -> None:
    answer = client.post(SESSION, json={"login": OFFICER.login, "password": PASSWORD})
    assert answer.get_json()["user"]["name"] == OFFICER.name
    assert client.get(SESSION).status_code == 200


def test_capital_letters_and_spaces_around_a_login_do_not_matter(client: FlaskClient) -> None:
    answer = client.post(SESSION, json={"login": f" {OFFICER.login.upper()} ", "password": PASSWORD})
    assert answer.get_json()["user"]["name"] == OFFICER.name


def test_a_wrong_password_and_an_unknown_login_are_refused_alike(client: FlaskClient) -> None:
    wrong = client.post(SESSION, json={"login": OFFICER.login, "password": "not this one"})
    unknown = client.post(SESSION, json={"login": "nobody", "password": PASSWORD})
    assert (wrong.status_code, wrong.get_json()) == (unknown.status_code, unknown.get_json())
    assert wrong.get_json()["code"] == "login-failed"


def test_logging_out_ends_the_session_on_the_server(log_in: LogIn, client: FlaskClient) -> None:
    browser = log_in(OFFICER)
    stolen = browser.get_cookie("yaohao_session")
    assert stolen is not None
    assert browser.delete(SESSION).status_code == 204
    client.set_cookie("yaohao_session", stolen.value)
    assert client.get(SESSION).status_code == 401


def test_an_administrator_ends_every_session_of_a_person(log_in: LogIn) -> None:
    browser, administrator = log_in(OFFICER), log_in(ADMIN)
    user_id = browser.get(SESSION).get_json()["user"]["id"]
    assert administrator.post(f"/office/people/{user_id}/revocations").status_code == 303
    assert browser.get(SESSION).status_code == 401


def test_a_session_ends_after_a_fortnight(log_in: LogIn, clock: FixedClock) -> None:
    browser = log_in(OFFICER)
    clock.advance(days=14)
    assert browser.get(SESSION).status_code == 401


def test_guessing_is_stopped_and_the_sentence_says_how_long(client: FlaskClient, clock: FixedClock) -> None:
    for _ in range(8):
        client.post(SESSION, json={"login": OFFICER.login, "password": "guess"})
    stopped = client.post(SESSION, json={"login": OFFICER.login, "password": PASSWORD})
    assert (stopped.status_code, stopped.get_json()["code"]) == (429, "too-many-tries")
    clock.advance(minutes=16)
    assert client.post(SESSION, json={"login": OFFICER.login, "password": PASSWORD}).status_code == 200


def test_a_change_asked_for_by_another_site_is_not_carried_out(log_in: LogIn) -> None:
    browser = log_in(OFFICER)
    assert browser.delete(SESSION, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert browser.delete(SESSION, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser.get(SESSION).status_code == 200
