"""A rehearsal walks through the whole ceremony and leaves nothing that counts: no number, no pick, no announcement."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import func, select

from backend.planning.draw.models import Draw, Pick
from backend.planning.draw.queries import draws_of
from backend.planning.tasks.models import SerialCounter
from backend.plumbing.db import db
from tests.people import HEAD, OFFICER, Person
from tests.planning.conftest import Stage
from tests.planning.directories import commit, hold_draw, task_from

LogIn = Callable[[Person], FlaskClient]


def test_a_new_agency_rehearses_over_sample_entities(
    log_in: LogIn, context: object, public_client: FlaskClient
) -> None:
    office = log_in(OFFICER)
    prepared = office.post("/office/draws/preparations/rehearsals", data={"inputs": "spoken"})
    ceremony = office.get(prepared.headers["Location"]).headers["Location"]
    assert "演练" in office.get(ceremony).text
    draw = ceremony.removesuffix("/ceremony")
    for position in (0, 1):
        assert (
            office.post(f"{draw}/inputs", data={"position": position, "digits": "123456"}).status_code == 303
        )
    assert office.post(f"{draw}/outcomes").status_code == 303
    assert "种子是这样算出来的" in office.get(ceremony).text
    db.session.rollback()
    held = db.session.scalar(select(Draw))
    assert held is not None
    assert (held.rehearsal, held.status) == (True, "drawn")
    assert db.session.scalar(select(func.count(Pick.id))) == 0
    assert draws_of(held.agency_id) == []
    assert held.serial not in public_client.get("/draws").text
    assert public_client.get(f"/draws/{held.serial}").status_code == 404
    assert office.get("/office/draws").status_code == 200
    assert office.get(draw).status_code == 200


def test_a_rehearsal_of_a_task_takes_neither_its_number_nor_the_task(stage: Stage) -> None:
    task = task_from(stage.officer, stage.plan)
    commit(stage.officer, task, rehearsal=True)
    assert task.status == "drafted"
    draw = hold_draw(stage.officer, task)
    assert draw.number == 1
    assert draw.record is not None
    assert draw.record["previous_record_hash"] is None
    counters = {c.kind: c.last for c in db.session.scalars(select(SerialCounter))}
    assert (counters["draw"], counters["rehearsal"]) == (1, 1)


def test_a_rehearsal_is_never_opened_to_the_public(stage: Stage, log_in: LogIn) -> None:
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan), rehearsal=True)
    assert (draw.status, draw.rehearsal, len(draw.signatures)) == ("locked", True, 3)
    assert log_in(OFFICER).post(f"/office/draws/{draw.id}/openings").status_code == 409
    assert log_in(HEAD).get(f"/office/draws/{draw.id}").status_code == 200
