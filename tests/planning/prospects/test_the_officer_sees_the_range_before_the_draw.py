"""Before a draw: how many are in range, left out, exempt, flagged, under way elsewhere and left, with the list behind each."""

from collections.abc import Callable

from flask.testing import FlaskClient

from backend.planning.prospects.queries import outlook_of
from backend.plumbing.db import db, transaction
from tests.people import INSPECTOR, OFFICER, Person
from tests.planning.conftest import Stage
from tests.planning.directories import hold_draw, task_from


def test_every_number_adds_up_and_names_its_article(stage: Stage) -> None:
    with transaction():
        for entity in stage.entities[:3]:
            entity.status = "closed"
        stage.entities[5].flags = ["serious"]
    other = task_from(stage.officer, stage.plan, "另一个任务", line=1)
    drawn = hold_draw(stage.officer, other)
    outlook = outlook_of(task_from(stage.officer, stage.plan))
    total = {row.id: row.in_range for row in outlook.rows}
    assert total == {"A": 20, "B": 12, "C": 6, "D": 2}
    assert sum(row.left_out for row in outlook.rows) == 3
    groups = {group.key: group for group in outlook.groups}
    assert groups["out-0"].entity_ids == tuple(entity.id for entity in stage.entities[:3])
    assert groups["serious"].entity_ids == (stage.entities[5].id,)
    assert groups["serious"].citation is not None
    assert groups["serious"].citation.article == "12"
    assert set(groups["under-way"].entity_ids) == {pick.entity_id for pick in drawn.picks}
    assert sum(row.under_way for row in outlook.rows) == len(groups["under-way"].entity_ids)


def test_the_lists_are_pages_of_the_office(stage: Stage, log_in: Callable[[Person], FlaskClient]) -> None:
    with transaction():
        stage.entities[0].status = "closed"
    task = task_from(stage.officer, stage.plan)
    name = stage.entities[0].name
    db.session.commit()
    officer, inspector = log_in(OFFICER), log_in(INSPECTOR)
    address = f"/office/tasks/{task.id}/prospect"
    assert "不参加：已关闭停业" in officer.get(address).text
    assert name in officer.get(f"{address}/out-0").text
    assert officer.get(f"{address}/nothing").status_code == 404
    assert inspector.get(address).status_code == 403
