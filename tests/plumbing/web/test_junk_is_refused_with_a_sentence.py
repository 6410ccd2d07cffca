"""Numbers no column can hold, NUL, days at the end of time: a refusal, never a bare 500."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.people import ADMIN, OFFICER, PASSWORD, Person

LogIn = Callable[[Person], FlaskClient]
HUGE = "9" * 20


@pytest.mark.parametrize("address", ["tasks", "draws", "plans", "dossiers", "objections", "matters/versions"])
def test_an_id_that_no_row_can_have_is_not_found(log_in: LogIn, address: str) -> None:
    assert log_in(OFFICER).get(f"/office/{address}/{HUGE}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        f"/office/dossiers?before={HUGE}",
        f"/office/entities?department={HUGE}",
        f"/office/objections/new?result={HUGE}",
        f"/office/tasks/new?line={HUGE}",
        f"/office/results?stage=published&before=2026-07-01T00:00:00%2B08:00~{HUGE}",
        "/office/results?stage=published&before=2026-07-01T00:00:00~5",
        "/office/entities?q=a%00b",
        "/office/visits?q=a%00b&before=%00",
        "/office/search?q=a%00b",
    ],
)
def test_no_query_breaks_a_page(log_in: LogIn, address: str) -> None:
    assert log_in(OFFICER).get(address).status_code < 500


@pytest.mark.parametrize(
    "address",
    [
        f"/draws?before={HUGE}",
        f"/plans/{HUGE}",
        "/results?q=a%00b",
        "/results?to=9999-12-31",
        "/results?from=0001-01-01",
        "/objection?no=%00",
        "/draws/a%00b",
        f"/results?before=2026-07-01T00:00:00%2B08:00~{HUGE}",
    ],
)
def test_no_query_breaks_the_public_site(public_client: FlaskClient, address: str) -> None:
    assert public_client.get(address).status_code < 500


def test_a_login_with_odd_characters_only_fails(client: FlaskClient) -> None:
    for login in ("a\\u0000b", "\\ud800"):
        entered = f'{{"login": "{login}", "password": "{PASSWORD}"}}'
        answer = client.post("/api/v1/session", data=entered, content_type="application/json")
        assert answer.status_code in (401, 422)


def test_an_unknown_role_or_department_makes_no_account(log_in: LogIn) -> None:
    entered = {"login": "new", "name": "新人", "password": "long enough 1", "roles": "king"}
    answer = log_in(ADMIN).post("/office/people", data={**entered, "department_id": "999999"})
    assert answer.status_code == 422
