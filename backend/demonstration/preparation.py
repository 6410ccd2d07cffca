"""The demonstration's installation: a finished story in the past, a task that waits for its draw, and visits for today."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

from backend.core.clock import SHANGHAI, day_in_china
from backend.demonstration.moment import StoryClock
from backend.demonstration.planning_ahead import TaskWish, make_the_task
from backend.demonstration.registering import confirm_the_rules
from backend.demonstration.stage import Stage
from backend.demonstration.story import begin, draw_and_dispatch, plan_the_year, tell, workday
from backend.foundation.rule_profiles.queries import work_calendar
from backend.serving.database import bring_up_to_date
from backend.settings import Settings, settings_for

STORY_BEGAN = timedelta(days=60)
READY = "ready"


def prepare(
    data_dir: Path, moment: datetime, say: Callable[[str], None], database_url: str | None = None
) -> Settings:
    """Build the demonstration in `data_dir`, or take the one that is there; one that was begun and not ended is redone."""
    if (data_dir / READY).exists():
        say("演示数据已在，直接使用。")
        return settings_for(data_dir, database_url)
    shutil.rmtree(data_dir, ignore_errors=True)
    settings = settings_for(data_dir, database_url)
    first_day = day_in_china(moment - STORY_BEGAN)
    clock = StoryClock(datetime.combine(first_day, time(9), SHANGHAI))
    stage = Stage(replace(settings, clock=clock), clock, data_dir)
    bring_up_to_date(stage.house)
    _tell_the_past(stage, say)
    clock.move_to(_last_workday_morning(stage, moment))
    _set_the_present(stage, say)
    (data_dir / READY).touch()
    return settings


def _tell_the_past(stage: Stage, say: Callable[[str], None]) -> None:
    say("演示数据 1/3：导入名录，公布清单和计划…")
    begin(stage)
    say("演示数据 2/3：摇号、检查、公示、归档一批（约 1 分钟）…")
    tell(stage, "重点用能单位节能监察（第一批）")


def _set_the_present(stage: Stage, say: Callable[[str], None]) -> None:
    say("演示数据 3/3：派发今天的检查，准备下一次摇号…")
    if stage.clock.year_has_turned:
        confirm_the_rules(stage)
        plan_the_year(stage)
    window = (workday(stage, 1), workday(stage, 15))
    draw_and_dispatch(stage, TaskWish("机械行业节能监察（示例区）", window, "示例区", industry="机械制造"))
    later = (workday(stage, 5), workday(stage, 25))
    make_the_task(
        stage, TaskWish("重点用能单位节能监察（演示县）", later, "演示县", directory="重点用能单位")
    )


def _last_workday_morning(stage: Stage, moment: datetime) -> datetime:
    with stage.inside():
        calendar = work_calendar(stage.agency_id)
    day = day_in_china(moment) - timedelta(days=1)
    while not calendar.is_workday(day):
        day -= timedelta(days=1)
    return datetime.combine(day, time(9, 30), SHANGHAI)
