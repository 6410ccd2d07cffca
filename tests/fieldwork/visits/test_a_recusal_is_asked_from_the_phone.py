"""An inspector asks over the API to be replaced on one visit; the answer comes back the same way."""

from collections.abc import Callable

from flask.testing import FlaskClient

from tests.people import LEADER, RECUSED, Person


def test_the_team_asks_and_nobody_else(visit_id: str, log_in: Callable[[Person], FlaskClient]) -> None:
    phone, stranger = log_in(LEADER), log_in(RECUSED)
    address = f"/api/v1/visits/{visit_id}/recusals"
    assert phone.get(address).json is None
    assert phone.post(address, json={}).status_code == 422
    assert stranger.post(address, json={"reason": "配偶在该企业任职"}).status_code == 404
