"""No tip-off inside the house either: before the opening, names stand only before those who send teams out and oversee."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from backend.planning.draw.models import Draw
from backend.planning.draw.views import named_teams
from backend.plumbing.db import db
from tests.people import ADMIN, HEAD, LEADER, OFFICER, OVERSIGHT, Person
from tests.planning.conftest import Stage
from tests.planning.directories import hold_draw, task_from

LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def draw(stage: Stage) -> Draw:
    return hold_draw(stage.officer, task_from(stage.officer, stage.plan))


@pytest.mark.parametrize("person", [OFFICER, OVERSIGHT, HEAD])
def test_who_answers_for_the_draw_reads_the_names(draw: Draw, log_in: LogIn, person: Person) -> None:
    assert named_teams(draw)[0].entity.name in log_in(person).get(f"/office/draws/{draw.id}").text


@pytest.mark.parametrize("person", [LEADER, ADMIN])
def test_nobody_else_does_before_the_opening(draw: Draw, log_in: LogIn, person: Person) -> None:
    teams = named_teams(draw)
    db.session.rollback()
    page = log_in(person).get(f"/office/draws/{draw.id}")
    assert page.status_code == 200
    assert not [team.entity.name for team in teams if team.entity.name in page.text]
    assert not [team.entity.code for team in teams if team.entity.code in page.text]


def test_the_record_with_its_picks_goes_out_of_the_house_only_once_it_is_open(
    draw: Draw, log_in: LogIn
) -> None:
    record = f"/office/draws/{draw.id}/record.zip"
    for person, status in ((OFFICER, 200), (LEADER, 403), (ADMIN, 403)):
        assert log_in(person).get(record).status_code == status
        offered = "record.zip" in log_in(person).get(f"/office/draws/{draw.id}").text
        assert offered == (status == 200)
