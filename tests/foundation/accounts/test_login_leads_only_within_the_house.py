"""Where a login leads to comes from the address, and must never be another host."""

import pytest
from flask.testing import FlaskClient

from tests.people import OFFICER, PASSWORD


@pytest.mark.parametrize(
    "target",
    [
        "//other.example/",
        "/\t/other.example/",
        "/\n/other.example",
        "/\\other.example",
        "https://other.example",
    ],
)
def test_no_address_leads_to_another_host(client: FlaskClient, target: str) -> None:
    entered = {"login": OFFICER.login, "password": PASSWORD, "next": target}
    assert client.post("/office/login", data=entered).headers["Location"] == "/office/"


def test_the_page_one_was_heading_for_is_reached(client: FlaskClient) -> None:
    entered = {"login": OFFICER.login, "password": PASSWORD, "next": "/office/tasks?status=drafted&q=节能"}
    location = client.post("/office/login", data=entered).headers["Location"]
    assert location.startswith("/office/tasks?status=drafted&q=")
