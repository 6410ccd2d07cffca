"""A double click, or the back button and once more: the task is there once, with one serial."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import func, select

from backend.foundation.rule_profiles.actions import follow_profile
from backend.planning.tasks.actions import make_ad_hoc_task
from backend.planning.tasks.made_before import TaskEntry
from backend.planning.tasks.models import Task
from backend.plumbing.db import db
from tests.people import ADMIN, OFFICER, Person
from tests.planning.conftest import Acting, Stage
from tests.planning.directories import WINDOW, hold_draw, task_from


def test_the_same_form_sent_twice_leads_to_the_same_task(
    stage: Stage, log_in: Callable[[Person], FlaskClient]
) -> None:
    line = stage.plan.lines[0].id
    db.session.commit()
    officer, (begin, end) = log_in(OFFICER), WINDOW
    form = {"plan_line_id": line, "title": "示例抽查", "window_from": begin, "window_to": end, "seats": 2}
    first, again = officer.post("/office/tasks", data=form), officer.post("/office/tasks", data=form)
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    assert db.session.scalar(select(func.count(Task.id))) == 1


def test_what_differs_in_one_word_is_another_task(stage: Stage) -> None:
    one = task_from(stage.officer, stage.plan)
    assert task_from(stage.officer, stage.plan).id == one.id
    others = [
        task_from(stage.officer, stage.plan, "另一项"),
        task_from(stage.officer, stage.plan, line=1),
        task_from(stage.officer, stage.plan, seats=3),
        task_from(stage.officer, stage.plan, scope={"region": "示例区"}),
        task_from(stage.officer, stage.plan, demands="先查在用设备"),
    ]
    assert len({one.id, *(task.id for task in others)}) == 6


def test_once_it_is_drawn_the_same_may_be_asked_for_anew(stage: Stage) -> None:
    drawn = task_from(stage.officer, stage.plan)
    hold_draw(stage.officer, drawn)
    assert task_from(stage.officer, stage.plan).id != drawn.id


def test_a_task_outside_the_plan_is_made_once_too(stage: Stage, acting: Acting) -> None:
    follow_profile(acting(ADMIN), "national-default")
    asked = (stage.matters, {"A": [1, 10]}, "上级交办", TaskEntry("临时抽查", *WINDOW))
    assert make_ad_hoc_task(stage.officer, *asked).id == make_ad_hoc_task(stage.officer, *asked).id


def test_outside_the_plan_another_ratio_or_reason_is_another_task(stage: Stage, acting: Acting) -> None:
    follow_profile(acting(ADMIN), "national-default")
    entry = TaskEntry("临时抽查", *WINDOW)
    first = make_ad_hoc_task(stage.officer, stage.matters, {"A": [1, 10]}, "上级交办", entry)
    more = make_ad_hoc_task(stage.officer, stage.matters, {"A": [1, 2]}, "上级交办", entry)
    why = make_ad_hoc_task(stage.officer, stage.matters, {"A": [1, 10]}, "群众投诉集中", entry)
    assert len({first.id, more.id, why.id}) == 3
    assert more.ratios == {"A": [1, 2]}
