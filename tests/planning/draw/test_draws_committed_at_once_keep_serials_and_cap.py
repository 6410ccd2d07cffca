"""Two officers press the button at the same moment: serials stay whole, and the cap holds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from backend.core.errors import DRAW_CANNOT_BE_PREPARED, TASK_NOT_IN_STATE, Refusal
from backend.planning.draw.models import Draw
from backend.planning.draw.queries import draws_of
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import task_of
from backend.plumbing.db import db
from tests.planning.conftest import Stage
from tests.planning.directories import commit, hold_draw, task_from


def at_once(app: Flask, *steps: Callable[[], object]) -> list[Refusal | None]:
    """Run the steps in threads of their own, started together; what each was refused with."""
    start = Barrier(len(steps))

    def run(step: Callable[[], object]) -> Refusal | None:
        with app.app_context():
            start.wait()
            try:
                step()
            except Refusal as refusal:
                return refusal
            finally:
                db.session.remove()
            return None

    with ThreadPoolExecutor(len(steps)) as threads:
        return list(threads.map(run, steps))


def committing(stage: Stage, task_id: int) -> Callable[[], Draw]:
    return lambda: commit(stage.officer, task_of(stage.officer.agency_id, task_id))


def test_serials_are_whole_and_never_given_twice(stage: Stage, app: Flask) -> None:
    tasks = [task_from(stage.officer, stage.plan, f"第{n}个", line=n % 2).id for n in range(4)]
    refusals = at_once(app, *(committing(stage, task_id) for task_id in tasks))
    db.session.expire_all()
    taken = sorted(draw.number for draw in draws_of(stage.officer.agency_id))
    assert taken == list(range(1, refusals.count(None) + 1))
    assert refusals.count(None) == 4


def test_one_task_is_committed_once(stage: Stage, app: Flask) -> None:
    task = task_from(stage.officer, stage.plan)
    refusals = at_once(app, *(committing(stage, task.id) for _ in range(3)))
    db.session.expire_all()
    assert len(draws_of(stage.officer.agency_id)) == 1
    assert [r.problem for r in refusals if r] == [TASK_NOT_IN_STATE] * 2


def test_two_draws_cannot_both_take_the_last_slot(stage: Stage, app: Flask) -> None:
    hold_draw(stage.officer, _everyone(stage, "用掉一次"), hard_cap=99)
    tasks = [_everyone(stage, f"抢第{n}次").id for n in (2, 3)]
    refusals = at_once(app, *(committing(stage, task_id) for task_id in tasks))
    assert [r.problem for r in refusals if r] == [DRAW_CANNOT_BE_PREPARED]


def _everyone(stage: Stage, title: str) -> Task:
    task = task_from(stage.officer, stage.plan, title)
    task.ratios = {grade: [1, 1] for grade in "ABCD"}
    db.session.commit()
    return task
