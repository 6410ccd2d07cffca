"""进一次门、查多项事: one entity drawn by two tasks for overlapping days gets one visit with the matters of both."""

from backend.core.errors import VISIT_MERGED
from backend.fieldwork.visits.clocks import tasks_done
from backend.fieldwork.visits.queries import merged_tasks, task_of_matter, visits_of_task
from backend.planning.adjustments.deciding import replace
from backend.plumbing.db import transaction
from tests.fieldwork.visits.test_visits_follow_what_is_changed_in_their_draw import stage
from tests.planning.conftest import Stage
from tests.planning.directories import hold_draw, send_out, task_from
from tests.planning.tasks.test_a_task_goes_out_only_when_it_is_approved import refused

__all__ = ["stage"]


def test_a_campaigns_tasks_meet_in_one_visit(stage: Stage) -> None:
    with transaction():
        stage.plan.lines[1].ratios = dict(stage.plan.lines[0].ratios)
    first = task_from(stage.officer, stage.plan)
    second = task_from(stage.officer, stage.plan, "安全检查", line=1)
    draw = hold_draw(stage.officer, first, second)
    for task in (first, second):
        send_out(stage.officer, stage.head, task)
    visits = visits_of_task(first.id)
    assert {visit.id for visit in visits_of_task(second.id)} == {visit.id for visit in visits}
    assert all(len(visit.matters) == 2 for visit in visits)
    visit = visits[0]
    (merged,) = merged_tasks(visit.id)
    assert merged.serial.startswith(second.serial)
    assert task_of_matter(visit, stage.matters[0]) == first.id
    assert task_of_matter(visit, stage.matters[1]) == second.id
    assert set(tasks_done([second.id])) == {second.id}
    leaver = next(pick for pick in draw.picks if pick.entity_id == visit.entity_id)
    replace(stage.head, draw.id, leaver.id, "企业已搬离本市")
    assert visit.status == "withdrawn"


def test_what_two_draws_share_is_not_changed_from_the_later_one(stage: Stage) -> None:
    with transaction():
        stage.plan.lines[0].ratios = stage.plan.lines[1].ratios = {
            "D": [1, 1],
            "A": [0, 1],
            "B": [0, 1],
            "C": [0, 1],
        }
    tasks = [task_from(stage.officer, stage.plan, f"任务{line}", line=line) for line in (0, 1)]
    draws = [hold_draw(stage.officer, task) for task in tasks]
    for task in tasks:
        send_out(stage.officer, stage.head, task)
    for draw in draws:
        pick = draw.picks[0]
        refusal = refused(replace, stage.head, draw.id, pick.id, "企业已搬离本市")
        assert refusal.problem is VISIT_MERGED
