"""One allow and one deny case for each role on each route, generated from the matrix and the URL map.

A new route without a mark fails here, and so does one that lets in a role which the matrix does not name.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from backend.app import create_app, create_public_app
from backend.foundation.permissions.access import access_of
from backend.foundation.permissions.roles import MATRIX, Capability, Role
from backend.settings import Settings
from tests.people import STAFF_BY_ROLE, Person

# Who may enter is decided before any table is asked: one database shows it for both.
pytestmark = pytest.mark.one_database

OPEN_DOORS = {
    "asset": "built styles and scripts",
    "witness.fingerprints": "a witness's own link, held by the first phone that takes it",
    "witness.input_here": "a witness's own link, held by the first phone that takes it",
    "witness.join": "a witness's own link, held by the first phone that takes it",
    "witness.open_here": "a witness's own link, held by the first phone that takes it",
    "witness.page": "a witness's own link, held by the first phone that takes it",
    "witness.seal_here": "a witness's own link, held by the first phone that takes it",
    "witness.signature_here": "a witness's own link, held by the first phone that takes it",
    "health": "for the machine that watches",
    "phone_app": "the app's own files hold no data",
    "phone_app_root": "the app's own files hold no data",
    "accounts.login_page": "how one gets in",
    "accounts.log_in_here": "how one gets in",
    "session_api.open_session": "how one gets in",
    "session_api.open_session_with_own_password": "how one gets in",
    "sync_api.meta": "versions and public keys, before one gets in",
    "sync_api.push_ops": "a session, or the push token that outlives it",
    "sync_api.query_receipts": "a session, or the push token that outlives it",
    "sync_api.hand_in_bundle": "a session, or the push token that outlives it",
    "evidence_api.bytes": "sending: a session, or the push token that outlives it",
}
"""Routes of the staff's application that anyone may call, each with its reason."""

SAMPLE_ARGUMENTS = {
    "IdConverter": 987654,
    "UnicodeConverter": "none",
    "PathConverter": "none",
    "UUIDConverter": "0197e0aa-2222-7aaa-8aaa-000000000000",
}

LogIn = Callable[[Person], FlaskClient]


def _app_for_collection() -> Flask:
    return create_app(Settings("sqlite://", Path(), b"k" * 32))


def _doors() -> Iterator[tuple[str, str, str]]:
    app = _app_for_collection()
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, _address(app, rule)


def _address(app: Flask, rule: Rule) -> str:
    arguments: dict[str, Any] = {
        name: SAMPLE_ARGUMENTS[type(converter).__name__] for name, converter in rule._converters.items()
    }
    with app.test_request_context():
        return app.url_for(rule.endpoint, **arguments)


DOORS = sorted(set(_doors()))


@pytest.mark.parametrize(("endpoint", "method", "address"), DOORS)
def test_each_role_enters_only_where_the_matrix_says(
    app: Flask, log_in: LogIn, endpoint: str, method: str, address: str
) -> None:
    access = access_of(app, endpoint, method)
    assert access is not None, f"{endpoint} does not say who may use it"
    if access.capability is None:
        assert endpoint in OPEN_DOORS, f"{endpoint} is open to anyone without a reason"
        return
    for role, person in STAFF_BY_ROLE.items():
        answer = log_in(person).open(address, method=method, headers={"Accept": "application/json"})
        refused = (
            answer.status_code == 403 and (answer.get_json(silent=True) or {}).get("code") == "not-allowed"
        )
        assert refused == (role not in MATRIX[access.capability]), (
            f"{role.label} at {method} {address}: {answer.status}"
        )


@pytest.mark.parametrize(("endpoint", "method", "address"), DOORS)
def test_nobody_enters_without_a_login(
    app: Flask, client: FlaskClient, endpoint: str, method: str, address: str
) -> None:
    access = access_of(app, endpoint, method)
    if access is None or access.capability is None:
        return
    answer = client.open(address, method=method)
    assert answer.status_code == 401 or (
        answer.status_code == 303 and "/office/login" in answer.headers["Location"]
    )


def test_the_public_site_asks_nobody_for_a_login_and_takes_in_objections_alone(settings: Settings) -> None:
    public = create_public_app(settings)
    taking = {
        rule.endpoint
        for rule in public.url_map.iter_rules()
        if not (rule.methods or set()) <= {"GET", "HEAD", "OPTIONS"}
    }
    assert taking == {"objection_online.lodge"}


def test_every_capability_is_held_by_someone_and_every_role_holds_something() -> None:
    assert set(MATRIX) == set(Capability)
    assert all(MATRIX.values())
    assert {role for roles in MATRIX.values() for role in roles} == set(Role)
