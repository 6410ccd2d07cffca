"""An inspector declares ties from the phone; the head alone reads and decides; a draw never brings the two together."""

from collections.abc import Callable

from flask.testing import FlaskClient

from backend.foundation.audit.queries import entries_of
from backend.planning.draw.apart import recusals_among
from backend.plumbing.db import db
from backend.registers.conflicts.queries import conflicts_in_force
from backend.registers.entities.merging import merge
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector
from tests.people import ADMIN, HEAD, INSPECTOR, LEADER, OFFICER, OUTSIDER, OVERSIGHT, Person
from tests.planning.directories import add_entities
from tests.registers.inspectors.conftest import Acting, directory, entity

__all__ = ["directory", "entity"]
LogIn = Callable[[Person], FlaskClient]
WORDS = "胞弟在该公司任采购经理"


def declare(log_in: LogIn, entity: Entity) -> int:
    browser = log_in(LEADER)
    page = browser.get("/office/conflicts", query_string={"q": entity.name[:6]}).text
    assert f'value="{entity.id}"' in page
    form = {"entity_id": entity.id, "tie": "relative_there", "words": WORDS}
    assert browser.post("/office/conflicts", data=form).status_code == 303
    db.session.rollback()
    page = browser.get("/office/conflicts").text
    assert WORDS in page
    return int(page.split("/office/conflicts/")[1].split("/")[0])


def test_the_two_are_apart_from_the_declaration_on(
    directory: dict[str, Inspector], entity: Entity, acting: Acting, log_in: LogIn
) -> None:
    declare(log_in, entity)
    pair = (directory[LEADER.name].id, entity.id)
    agency_id = acting(OFFICER).agency_id
    assert conflicts_in_force(agency_id) == {pair}
    assert recusals_among(agency_id, directory.values(), [entity.id]) == [pair]


def test_ties_with_a_merged_entry_hold_for_the_one_that_stands_for_it(
    directory: dict[str, Inspector], entity: Entity, acting: Acting, log_in: LogIn
) -> None:
    declare(log_in, entity)
    officer = acting(OFFICER)
    (kept,) = add_entities(officer.agency_id, "A", first=9)
    merge(officer, kept.id, entity.id, "核对营业执照后确认")
    pair = (directory[LEADER.name].id, kept.id)
    assert recusals_among(officer.agency_id, directory.values(), [kept.id]) == [pair]


def test_only_the_declarer_and_the_head_read_it(
    directory: dict[str, Inspector], entity: Entity, log_in: LogIn
) -> None:
    declare(log_in, entity)
    assert WORDS in log_in(HEAD).get("/office/conflicts/to-decide").text
    assert WORDS not in log_in(INSPECTOR).get("/office/conflicts").text
    for person in (OFFICER, OVERSIGHT, ADMIN):
        assert log_in(person).get("/office/conflicts").status_code == 403
        assert log_in(person).get("/office/conflicts/to-decide").status_code == 403
    assert WORDS not in log_in(OUTSIDER).get("/office/conflicts/to-decide").text


def test_the_trail_tells_neither_whom_nor_why(
    directory: dict[str, Inspector], entity: Entity, acting: Acting, log_in: LogIn
) -> None:
    declare(log_in, entity)
    (entry,) = [e for e in entries_of(acting(OFFICER).agency_id) if e.verb == "conflict.declare"]
    assert entry.detail == {"state": "declared"}


def test_the_head_decides_once_and_a_refusal_lifts_it(
    directory: dict[str, Inspector], entity: Entity, acting: Acting, log_in: LogIn
) -> None:
    number = declare(log_in, entity)
    browser, address = log_in(HEAD), f"/office/conflicts/{number}/decisions"
    assert browser.post(address, data={"reason": "短"}).status_code == 422
    assert browser.post(address, data={"reason": "已离职三年，关系不存在"}).status_code == 303
    db.session.rollback()
    assert conflicts_in_force(acting(OFFICER).agency_id) == set()
    assert browser.post(address, data={"recused": "1"}).status_code == 409
    assert "已离职三年" in log_in(LEADER).get("/office/conflicts").text


def test_it_is_declared_once_and_ended_by_its_declarer_only(
    directory: dict[str, Inspector], entity: Entity, acting: Acting, log_in: LogIn
) -> None:
    number = declare(log_in, entity)
    again = {"entity_id": entity.id, "tie": "other", "words": "还有别的往来"}
    assert log_in(LEADER).post("/office/conflicts", data=again).status_code == 409
    assert log_in(INSPECTOR).post(f"/office/conflicts/{number}/endings").status_code == 404
    assert log_in(LEADER).post(f"/office/conflicts/{number}/endings").status_code == 303
    db.session.rollback()
    assert conflicts_in_force(acting(OFFICER).agency_id) == set()


def test_who_is_not_in_the_directory_has_nothing_to_declare(entity: Entity, log_in: LogIn) -> None:
    assert "您不在检查人员名录里" in log_in(LEADER).get("/office/conflicts").text
    form = {"entity_id": entity.id, "tie": "other", "words": "还有别的往来"}
    assert log_in(LEADER).post("/office/conflicts", data=form).status_code == 409
