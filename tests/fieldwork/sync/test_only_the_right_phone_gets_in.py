"""The doors that guard themselves: no role but the inspector's, no stranger's device, nothing of another team or agency."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from backend.fieldwork.sync.keys import public_jwk
from backend.foundation.permissions.roles import Role
from tests.fieldwork.phones import Phones, picture
from tests.people import INSPECTOR, LEADER, OUTSIDER, RECUSED, STAFF_BY_ROLE, Person

GUARDED = [
    ("POST", "/api/v1/sync/push"),
    ("POST", "/api/v1/receipts/query"),
    ("POST", "/api/v1/rescue"),
    ("POST", f"/api/v1/evidence/{'a' * 64}"),
    ("HEAD", f"/api/v1/evidence/{'a' * 64}"),
    ("PATCH", f"/api/v1/evidence/{'a' * 64}"),
]
LogIn = Callable[[Person], FlaskClient]


@pytest.mark.parametrize(("method", "address"), GUARDED)
def test_nobody_is_turned_away(client: FlaskClient, method: str, address: str) -> None:
    assert client.open(address, method=method).status_code == 401


@pytest.mark.parametrize(("method", "address"), GUARDED)
def test_every_other_role_is_turned_away(log_in: LogIn, method: str, address: str) -> None:
    for role, person in STAFF_BY_ROLE.items():
        answer = log_in(person).open(address, method=method, headers={"X-Device": "none"})
        assert (answer.status_code == 403) == (role is not Role.INSPECTOR), role


@pytest.mark.parametrize(("method", "address"), GUARDED)
def test_a_made_up_token_is_turned_away(client: FlaskClient, method: str, address: str) -> None:
    headers = {"Authorization": "Bearer 00", "X-Device": "none"}
    assert client.open(address, method=method, headers=headers).status_code == 401


def test_a_device_is_registered_by_its_owners_session_only(phones: Phones) -> None:
    phone, other = phones(LEADER), phones(RECUSED)
    told = {
        "deviceId": phone.new_id(),
        "publicJwk": public_jwk(phone.key.public_key()),
        "userId": phone.user_id,
    }
    answer = other.send("POST", "/api/v1/devices", json=told)
    assert (answer.status_code, answer.json["code"]) == (401, "login-required")
    assert phone.send("POST", "/api/v1/devices", json=told).status_code == 201


def test_a_phone_sees_the_visits_of_its_team_only(phones: Phones, visit_id: str) -> None:
    member, colleague, outsider = phones(LEADER), phones(RECUSED), phones(OUTSIDER)
    for phone in (member, colleague, outsider):
        phone.pull()
    assert [visit["id"] for visit in member.visits()] == [visit_id]
    assert colleague.docs == {}
    assert outsider.docs == {}


def test_an_op_on_another_teams_visit_is_kept_without_effect(phones: Phones, visit_id: str) -> None:
    stranger, member = phones(RECUSED), phones(LEADER)
    op_id = stranger.note(visit_id, "/record/situation", {"text": "没去过"})
    stranger.push()
    member.pull()
    assert stranger.results[op_id]["reason"] == "not-on-team"
    assert member.answers(visit_id) == {}
    assert member.visits()[0]["status"] == "dispatched"


@pytest.mark.parametrize("person", [RECUSED, OUTSIDER])
def test_a_file_for_another_teams_visit_is_not_taken(phones: Phones, visit_id: str, person: Person) -> None:
    member, stranger = phones(LEADER), phones(person)
    content = picture(3)
    member.pull()
    sha = member.photograph(visit_id, content)
    member.sync()
    stranger.photograph(visit_id, content)
    with pytest.raises(Exception, match="404"):
        stranger.upload()
    assert stranger.send("GET", f"/api/v1/evidence/{sha}?visit={visit_id}").status_code == 404
    assert member.send("GET", f"/api/v1/evidence/{sha}?visit={visit_id}").data == content  # type: ignore[attr-defined]


def test_a_device_belongs_to_one_person(phones: Phones) -> None:
    mine, other = phones(LEADER), phones(INSPECTOR)
    other.device_id = mine.device_id
    with pytest.raises(Exception, match="device-taken"):
        other.register()


def test_a_body_in_chunks_passes_no_limit(phones: Phones, visit_id: str, client: FlaskClient) -> None:
    phone = phones(LEADER)
    phone.pull()
    sha = phone.photograph(visit_id, b"x" * 100)
    headers = {"X-Device": phone.device_id, "Authorization": f"Bearer {phone.push_token}"}
    piece = {**headers, "Content-Type": "application/partial-upload", "Upload-Offset": "0"}
    for method, address, more in (
        ("POST", "/api/v1/sync/push", headers),
        ("PATCH", f"/api/v1/evidence/{sha}", piece),
    ):
        answer = client.open(
            address,
            method=method,
            headers=more,
            input_stream=BytesIO(b" " * (2 << 20)),
            environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""},
        )
        assert answer.status_code == 413
