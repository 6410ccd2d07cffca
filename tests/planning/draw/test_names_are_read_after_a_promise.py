"""保密承诺: where the rules ask for it, names are read and a witness joins only after a promise, kept with its words."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from backend.foundation.rule_profiles.actions import set_value
from backend.planning.draw.models import Draw
from backend.planning.draw.queries import draw_of, preparation_of
from backend.planning.draw.undertakings import WORDS, undertakings_of
from backend.planning.draw.views import named_teams, witness_links
from backend.plumbing.db import db
from tests.people import ADMIN, HEAD, OFFICER, Person
from tests.planning.conftest import Acting, Stage
from tests.planning.directories import hold_draw, task_from

LogIn = Callable[[Person], FlaskClient]


@pytest.fixture
def draw(stage: Stage, acting: Acting) -> Draw:
    set_value(
        acting(ADMIN), "draw.secrecy_undertaking", "是", "防止名单在公开以前外泄", "示工信发〔2026〕5号"
    )
    return hold_draw(stage.officer, task_from(stage.officer, stage.plan))


def test_the_names_stand_behind_the_promise_on_every_page(stage: Stage, draw: Draw, log_in: LogIn) -> None:
    first = named_teams(draw)[0]
    name, pick, task = first.entity.name, first.pick.id, first.pick.task_id
    db.session.commit()
    officer, page = log_in(OFFICER), f"/office/draws/{draw.id}"
    shown = officer.get(page).text
    assert name not in shown
    assert WORDS in shown
    behind = [f"{page}/record.zip", f"{page}/picks/{pick}", f"/office/tasks/{task}/companions"]
    behind.append(f"/office/tasks/{task}/filings/inspections.xlsx")
    assert [officer.get(address).status_code for address in behind] == [403] * 4
    for _ in range(2):
        assert officer.post(f"{page}/undertakings").status_code == 303
    assert name in officer.get(page).text
    assert [officer.get(address).status_code for address in behind] == [200] * 4
    assert name not in log_in(HEAD).get(page).text, "each for oneself"
    db.session.rollback()
    kept = undertakings_of(draw_of(stage.officer.agency_id, draw.id))
    assert [(one.name, one.words) for one in kept] == [("王科长", WORDS)]


def test_a_witness_promises_on_joining(stage: Stage, draw: Draw, app: object, client: FlaskClient) -> None:
    preparation = preparation_of(stage.officer.agency_id, draw.preparation_id or 0)
    with client.application.test_request_context():
        link = witness_links(preparation)[0]
    address = link.removeprefix("http://localhost")
    db.session.commit()
    assert WORDS in client.get(address).text
    assert client.post(f"{address}/phones").status_code == 303
    db.session.rollback()
    assert [(one.name, one.position) for one in undertakings_of(draw)] == [("见证人甲", 0)]


def test_where_no_rule_asks_for_it_nobody_is_asked(stage: Stage, log_in: LogIn) -> None:
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    name = named_teams(draw)[0].entity.name
    db.session.commit()
    assert name in log_in(OFFICER).get(f"/office/draws/{draw.id}").text
