"""A matter under which nobody inspected for five years is pointed out; it stays on the list until a person abolishes it."""

from collections.abc import Callable
from datetime import date

from flask.testing import FlaskClient

from backend.foundation.permissions.actor import Actor
from backend.planning.tasks.models import TaskMatter
from backend.plumbing.db import db, transaction
from backend.registers.matters.queries import published_matters
from backend.registers.matters.rules.idleness import idle_since
from tests.conftest import FixedClock
from tests.people import OFFICER, Person
from tests.registered import a_task

LogIn = Callable[[Person], FlaskClient]


def test_years_count_from_the_last_use_and_else_from_the_publication() -> None:
    listed, used = date(2020, 2, 29), date(2024, 5, 1)
    assert idle_since(listed, None, date(2025, 2, 28), 5) is None
    assert idle_since(listed, None, date(2025, 3, 1), 5) == listed
    assert idle_since(listed, used, date(2029, 4, 30), 5) is None
    assert idle_since(listed, used, date(2029, 5, 1), 5) == used
    assert idle_since(None, used, date(2040, 1, 1), 5) is None
    assert idle_since(listed, None, date(2040, 1, 1), None) is None


def test_the_list_points_at_what_was_not_used(published: Actor, log_in: LogIn, clock: FixedClock) -> None:
    used, unused, *_ = published_matters(published.agency_id)
    assert "多年未用" not in log_in(OFFICER).get("/office/matters").text
    clock.advance(days=5 * 366)
    with transaction():
        task = a_task(
            published.agency_id, "抽〔2031〕1号", window_to=date(2031, 1, 1), dispatched_at=clock.now()
        )
        db.session.flush()
        db.session.add(TaskMatter(task_id=task.id, matter_id=used.id))
    browser = log_in(OFFICER)
    assert "多年未用" in browser.get("/office/matters").text
    assert "已满 5 年" in browser.get(f"/office/matters/{unused.id}").text
    assert "已满 5 年" not in browser.get(f"/office/matters/{used.id}").text
