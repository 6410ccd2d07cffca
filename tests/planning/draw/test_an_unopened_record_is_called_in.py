"""A draw cannot be withheld by forgetting it: once its window has closed, its record waits on the host's first page."""

from datetime import datetime
from typing import Any

from flask import Flask

from backend.core.clock import SHANGHAI
from backend.planning.draw.endings import open_record, void
from backend.records.worklist.queries import work_for
from backend.records.worklist.rules import WorkItem
from tests.planning.conftest import Stage
from tests.planning.directories import commit, hold_draw, task_from


def called_in(stage: Stage, app: Flask, clock: Any) -> list[WorkItem]:
    with app.test_request_context():
        found = work_for(stage.officer, clock.now().date())
    return [item for item in found if item.verb == "公开" and "抽取记录" in item.title]


def test_it_waits_from_the_day_after_the_window_until_it_is_opened(
    stage: Stage, context: Flask, clock: Any
) -> None:
    held = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    gone = commit(stage.officer, task_from(stage.officer, stage.plan, "安全检查", line=1))
    void(stage.head, gone.id, "会议室停电")
    clock.moment = datetime(2026, 9, 30, 9, 0, tzinfo=SHANGHAI)
    assert called_in(stage, context, clock) == []
    clock.moment = datetime(2026, 10, 1, 9, 0, tzinfo=SHANGHAI)
    waiting = called_in(stage, context, clock)
    assert [item.title for item in waiting] == [f"{draw.serial}的抽取记录" for draw in (held, gone)]
    assert waiting[0].by == held.reveal_by
    assert waiting[0].ground is not None
    for draw in (held, gone):
        open_record(stage.officer, draw.id)
    assert called_in(stage, context, clock) == []
