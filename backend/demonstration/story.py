"""The whole main job as one story: from a directory file to a sealed dossier, over the pages and the API that people use."""

from dataclasses import dataclass
from datetime import date

from backend.core.clock import day_in_china
from backend.demonstration import archiving, drawing, inspecting, planning_ahead, publishing, registering
from backend.demonstration.cast import OFFICER
from backend.demonstration.founding import found
from backend.demonstration.stage import Stage
from backend.foundation.rule_profiles.queries import work_calendar


@dataclass(frozen=True)
class Told:
    """What a story leaves: ids of what was made, and what a citizen finds."""

    task_id: int
    draw_id: int
    visit_ids: list[str]
    dossier_ids: list[int]
    published: list[dict[str, str]]


def begin(stage: Stage) -> None:
    """Everything before the first task: agency, rules, directories, matter list, plan."""
    with stage.step("found"), stage.inside():
        found()
    with stage.step("rules"):
        registering.follow_the_rules(stage)
    with stage.step("import"):
        registering.bring_in_the_directories(stage)
    with stage.step("matter list"):
        registering.publish_the_matter_list(stage)
    plan_the_year(stage)


def plan_the_year(stage: Stage) -> None:
    """Publish the plan of the year it is in the story."""
    with stage.step("plan"):
        planning_ahead.publish_the_plan(stage, stage.clock.now().year)


def draw_and_dispatch(stage: Stage, wish: planning_ahead.TaskWish) -> tuple[int, int]:
    """Make a task, hold its draw, send the teams out; return the ids of task and draw."""
    with stage.step("task"):
        task_id = planning_ahead.make_the_task(stage, wish)
    with stage.step("draw"):
        draw_id = drawing.hold_the_draw(stage, task_id)
    with stage.step("dispatch"):
        drawing.dispatch(stage, task_id)
    return task_id, draw_id


def tell(stage: Stage, title: str) -> Told:
    """Draw, inspect, approve, publish and seal, each on a working day of its own; open the record at the end."""
    wish = planning_ahead.TaskWish(
        title, (workday(stage, 2), workday(stage, 12)), "样例区", directory="重点用能单位"
    )
    task_id, draw_id = draw_and_dispatch(stage, wish)
    _next_workday(stage, 2)
    with stage.step("inspect"):
        assignments = inspecting.inspect(stage, task_id)
    visit_ids = [assignment.visit_id for assignment in assignments]
    _next_workday(stage)
    with stage.step("approve"):
        inspecting.approve(stage, assignments)
    with stage.step("report"):
        publishing.form_the_reports(stage, visit_ids)
    _next_workday(stage)
    with stage.step("publish"):
        publishing.publish_the_results(stage, visit_ids)
        published = publishing.published_results(stage, visit_ids)
    _next_workday(stage)
    with stage.step("seal"):
        dossier_ids = archiving.seal(stage, visit_ids)
    _next_workday(stage, 9)
    with stage.step("open the record"):
        stage.browser(OFFICER).submit(f"/office/draws/{draw_id}/openings")
    return Told(task_id, draw_id, visit_ids, dossier_ids, published)


def workday(stage: Stage, ahead: int) -> date:
    """The day that is this many working days ahead in the story."""
    with stage.inside():
        return work_calendar(stage.agency_id).add(day_in_china(stage.clock.now()), ahead)


def _next_workday(stage: Stage, ahead: int = 1) -> None:
    with stage.inside():
        calendar = work_calendar(stage.agency_id)
    stage.clock.next_workday(calendar, ahead)
