"""Before the lock: who meets again and again, who is idle; where no matching exists, the smallest steps that allow one."""

from backend.foundation.accounts.queries import departments_of
from backend.planning.draw.spread import relaxations_of, spread_of
from backend.planning.draw.views import impossibility
from backend.plumbing.db import transaction
from tests.planning.conftest import Stage
from tests.planning.directories import hold_draw, task_from


def test_two_people_for_everything_meet_every_time(stage: Stage) -> None:
    with transaction():
        for inspector in stage.inspectors[2:]:
            inspector.status = "left"
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    spread = spread_of(draw)
    names = {inspector.name for inspector in stage.inspectors[:2]}
    assert [({a, b}, times) for a, b, times in spread.pairs] == [(names, 6)]
    assert spread.idle == []


def test_who_was_not_needed_is_named(stage: Stage) -> None:
    with transaction():
        stage.plan.lines[0].ratios = {"A": [0, 1], "B": [0, 1], "C": [0, 1], "D": [1, 2]}
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    assert len(spread_of(draw).idle) == len(stage.inspectors) - 2


def test_an_impossible_matching_names_the_smallest_steps(stage: Stage) -> None:
    other = departments_of(stage.officer.agency_id)[1]
    with transaction():
        for inspector in stage.inspectors[2:]:
            inspector.department_id = other.id
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan), hard_cap=5)
    assert impossibility(draw) is not None
    count = len(stage.inspectors) - 2
    assert relaxations_of(draw) == ["每人最多承担的家数从 5 提高到 6", f"加上{other.name}的 {count} 人"]
