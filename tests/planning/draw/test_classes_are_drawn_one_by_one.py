"""A task of several classes: each with its own scope and amounts is a set of strata of one draw, dispatched together."""

from backend.planning.draw.queries import drawn_order, teams_of
from backend.planning.draw.roster import prospect_of
from backend.planning.scopes.rules import EntityClass
from backend.plumbing.db import transaction
from tests.planning.conftest import Stage
from tests.planning.directories import hold_draw, task_from


def test_each_class_has_its_own_strata_and_overlaps_meet_once(stage: Stage) -> None:
    with transaction():
        for entity in stage.entities[:4]:
            entity.flags = ["complaints"]
        flagged = EntityClass("投诉|多的", {"flag": "complaints"}, {"A": [3]})
        stage.plan.lines[0].classes = [flagged.stored]
    task = task_from(stage.officer, stage.plan)
    shown = {s.id: (len(s.candidates), s.ratio) for s in prospect_of([task]).strata}
    assert shown["A"] == (20, (10, 100))
    assert shown["投诉／多的·A"] == (4, (3, 4))
    draw = hold_draw(stage.officer, task)
    quotas = {s["id"]: s["quota"] for s in draw.commit_doc["strata"]}
    assert quotas["投诉／多的·A"] == 3
    teams = teams_of(task.id)
    assert len(teams) == len({pick.entity_id for pick in draw.picks})
    assert sorted(drawn_order(task.id).values()) == list(range(1, len(teams) + 1))


def test_a_scope_of_flags_and_directories_is_asked_row_by_row(stage: Stage) -> None:
    with transaction():
        stage.entities[0].directories = ["重点用能单位"]
        stage.entities[1].directories, stage.entities[1].flags = ["重点用能单位"], ["serious"]
    task = task_from(stage.officer, stage.plan, scope={"directory": "重点用能单位", "flag": "serious"})
    (stratum,) = prospect_of([task]).strata
    assert [c.entity_id for c in stratum.candidates] == [stage.entities[1].id]
