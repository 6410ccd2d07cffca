"""What an inspector declared without a signal arrives later: once, in their own name, and only those who decide read it."""

from collections.abc import Callable

from flask.testing import FlaskClient

from backend.plumbing.db import db
from backend.registers.conflicts.queries import conflicts_in_force, conflicts_seen_by
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector
from tests.people import HEAD, INSPECTOR, LEADER, Person
from tests.registers.inspectors.conftest import Acting, directory, entity

__all__ = ["directory", "entity"]
LogIn = Callable[[Person], FlaskClient]
ADDRESS = "/api/v1/conflicts/0197e0aa-2222-7aaa-8aaa-000000000001"
WORDS = "胞弟在该公司任采购经理"


def _told(acting: Acting, person: Person, about: str) -> dict[str, object]:
    return {"userId": acting(person).user_id, "entity": about, "tie": "relative_there", "words": WORDS}


def test_sent_twice_it_counts_once_and_keeps_the_two_apart(
    directory: dict[str, Inspector], entity: Entity, acting: Acting, log_in: LogIn
) -> None:
    phone, told = log_in(LEADER), _told(acting, LEADER, entity.code)
    assert [phone.put(ADDRESS, json=told).status_code for _ in range(2)] == [201, 200]
    db.session.rollback()
    actor = acting(HEAD)
    assert conflicts_in_force(actor.agency_id) == {(directory[LEADER.name].id, entity.id)}
    assert [each.words for each in conflicts_seen_by(actor)] == [WORDS]
    assert WORDS not in log_in(INSPECTOR).get("/office/conflicts").text


def test_an_entity_may_be_named_as_it_is_called(
    directory: dict[str, Inspector], entity: Entity, acting: Acting, log_in: LogIn
) -> None:
    answer = log_in(LEADER).put(ADDRESS, json=_told(acting, LEADER, f" {entity.name} "))
    assert answer.status_code == 201


def test_a_name_that_nobody_bears_is_answered_with_what_to_write(
    directory: dict[str, Inspector], entity: Entity, acting: Acting, log_in: LogIn
) -> None:
    answer = log_in(LEADER).put(ADDRESS, json=_told(acting, LEADER, entity.name[:3]))
    assert (answer.status_code, answer.json and answer.json["code"]) == (404, "entity-unclear")


def test_nobody_declares_in_a_colleagues_name(
    directory: dict[str, Inspector], entity: Entity, acting: Acting, log_in: LogIn
) -> None:
    answer = log_in(INSPECTOR).put(ADDRESS, json=_told(acting, LEADER, entity.code))
    assert (answer.status_code, answer.json and answer.json["code"]) == (401, "login-required")
    db.session.rollback()
    assert conflicts_seen_by(acting(HEAD)) == []
