"""Trainings: planned for the year, held with those who came, counted for each person and for the month's report."""

from collections.abc import Callable
from datetime import date

from flask.testing import FlaskClient

from backend.plumbing.db import db
from backend.registers.inspectors.models import Inspector
from backend.registers.training.queries import times_trained, trainings_held
from tests.people import INSPECTOR, LEADER, OFFICER, OUTSIDER, Person
from tests.registers.inspectors.conftest import Acting, directory

__all__ = ["directory"]
LogIn = Callable[[Person], FlaskClient]
PLANNED = {
    "title": "双随机系统操作培训",
    "kind": "yearly",
    "content": "系统操作、结果认定",
    "day": "2026-07-10",
}


def test_a_planned_training_is_held_and_counted(
    directory: dict[str, Inspector], acting: Acting, log_in: LogIn
) -> None:
    browser = log_in(OFFICER)
    address = browser.post("/office/trainings", data=PLANNED).headers["Location"]
    assert "已过期未举办" in browser.get("/office/trainings").text
    came = [directory[LEADER.name].id, directory[INSPECTOR.name].id]
    held = {"day": "2026-07-15", "attended": came}
    assert browser.post(f"{address}/attendances", data=held).status_code == 303
    db.session.rollback()
    agency_id = acting(OFFICER).agency_id
    assert times_trained(agency_id, 2026) == dict.fromkeys(came, 1)
    (one,) = trainings_held(agency_id, date(2026, 7, 1), date(2026, 7, 31))
    assert (one.title, len(one.attendances)) == (PLANNED["title"], 2)
    assert trainings_held(agency_id, date(2026, 8, 1), date(2026, 8, 31)) == []
    assert PLANNED["title"] in browser.get(f"/office/inspectors/{came[0]}").text
    assert browser.post(f"{address}/droppings").status_code == 409


def test_nobody_can_have_come_in_the_future_or_from_elsewhere(
    directory: dict[str, Inspector], log_in: LogIn
) -> None:
    browser = log_in(OFFICER)
    address = browser.post("/office/trainings", data=PLANNED).headers["Location"]
    for wrong in (
        {"day": "2027-01-01", "attended": [directory[LEADER.name].id]},
        {"day": "2026-07-15", "attended": [987654]},
        {"day": "2026-07-15"},
    ):
        assert browser.post(f"{address}/attendances", data=wrong).status_code == 422
    assert log_in(OUTSIDER).post(f"{address}/attendances", data={"day": "2026-07-15"}).status_code in (
        404,
        422,
    )
    assert log_in(OUTSIDER).get(address).status_code == 404


def test_a_plan_can_be_dropped_by_those_who_keep_the_directory(log_in: LogIn) -> None:
    browser = log_in(OFFICER)
    address = browser.post("/office/trainings", data=PLANNED).headers["Location"]
    assert log_in(INSPECTOR).post(f"{address}/droppings").status_code == 403
    assert browser.post(f"{address}/droppings").status_code == 303
    assert browser.post("/office/trainings", data={**PLANNED, "day": "x"}).status_code == 422


def test_a_double_press_plans_one_training(log_in: LogIn) -> None:
    browser = log_in(OFFICER)
    places = {browser.post("/office/trainings", data=PLANNED).headers["Location"] for _ in range(2)}
    assert len(places) == 1
