"""Before a draw of a large range the page counts by grade and state; what only the freeze can know, it leaves to the freeze."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from backend.planning.draw import estimate
from backend.planning.draw.estimate import estimate_of
from backend.planning.tasks.models import Task
from backend.plumbing.db import transaction
from tests.people import OFFICER, Person
from tests.planning.conftest import Stage
from tests.planning.directories import task_from

LogIn = Callable[[Person], FlaskClient]
SCOPES: tuple[dict[str, str], ...] = (
    {},
    {"region": "示例区"},
    {"flag": "complaints"},
    {"directory": "重点用能单位"},
)


@pytest.fixture
def task(stage: Stage) -> Task:
    with transaction():
        for number, entity in enumerate(stage.entities):
            entity.status = "closed" if number % 9 == 0 else "active"
            entity.flags = ["complaints"] if number % 3 == 0 else []
            entity.directories = ["重点用能单位"] if number % 2 == 0 else []
            entity.region = "示例区" if number % 5 else "别处"
    return task_from(stage.officer, stage.plan)


def test_the_counts_are_those_of_looking_through_the_range_one_by_one(
    task: Task, monkeypatch: pytest.MonkeyPatch
) -> None:
    for scope in SCOPES:
        with transaction():
            task.scope = scope
        looked_through = estimate_of([task])
        monkeypatch.setattr(estimate, "AT_ONCE", 0)
        counted = estimate_of([task])
        monkeypatch.undo()
        assert looked_through.is_exact
        assert not counted.is_exact
        assert counted.strata == looked_through.strata
        assert counted.left_out == looked_through.left_out


def test_the_page_says_what_is_looked_at_later(
    task: Task, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = log_in(OFFICER)
    assert "在锁定时由后台逐家核对" not in office.get(f"/office/draws/new?task={task.id}").text
    monkeypatch.setattr(estimate, "AT_ONCE", 0)

    def unread(*_given: object) -> object:
        raise AssertionError("a large roster is not read for this page")

    monkeypatch.setattr(estimate, "prospect_of", unread)
    assert "在锁定时由后台逐家核对" in office.get(f"/office/draws/new?task={task.id}").text
