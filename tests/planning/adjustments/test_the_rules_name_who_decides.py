"""Who may agree that a person is replaced is what the task's rules say; nobody but the leader decides their own request."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from backend.core.errors import NOT_THE_SIGNATORY, OWN_REQUEST, WAY_NOT_IN_RULES, Refusal
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.foundation.rule_profiles.actions import follow_profile, set_value
from backend.planning.adjustments.asking import Paper, ask, take_up_recusal
from backend.planning.adjustments.deciding import grant, may_decide, redraw_seat
from backend.planning.adjustments.models import Adjustment
from backend.planning.adjustments.seating import inspector_ids
from backend.planning.annual_plan.models import PlanLine
from backend.planning.draw.models import Draw
from backend.planning.draw.views import named_teams
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.registers.inspectors.models import InspectorLeave
from tests.planning.conftest import Stage
from tests.planning.directories import hold_draw, task_from
from tests.planning.draw.test_what_may_still_happen_to_a_draw import anew, verified

NOTE = Paper("书面说明.jpg", b"\xff\xd8note")
WHY = "工作冲突，不能参加"


def under(stage: Stage, profile: str) -> Draw:
    """A locked draw of a task that was made under these rules."""
    with transaction():
        line = db.session.get_one(PlanLine, stage.plan.lines[0].id)
        line.ratios = {"A": [5, 100], "B": [10, 100], "C": [20, 100], "D": [1, 1]}
    follow_profile(replace(stage.head, roles=frozenset({Role.ADMIN})), profile)
    task = task_from(stage.officer, stage.plan)
    return hold_draw(stage.officer, task)


def asked(stage: Stage, draw: Draw) -> Adjustment:
    team = named_teams(draw)[0]
    return ask(stage.officer, "redraw", draw.id, team.pick.id, team.seats[1].seat.id, WHY, NOTE)


def as_deputy(stage: Stage) -> Actor:
    return replace(stage.head, user_id=stage.oversight.user_id, roles=frozenset({Role.DEPUTY}))


def test_with_the_police_the_deputy_agrees_and_at_the_industry_bureau_does_not(stage: Stage) -> None:
    draw = under(stage, "yiyuan-police")
    assert grant(as_deputy(stage), asked(stage, draw).id).status == "granted"
    request = asked(stage, under(stage, "zibo-industry"))
    with pytest.raises(Refusal) as refused:
        grant(as_deputy(stage), request.id)
    assert refused.value.problem is NOT_THE_SIGNATORY
    assert "单位主要负责人" in refused.value.sentence_zh


def test_where_the_department_agrees_it_is_another_officer_than_the_one_who_asked(stage: Stage) -> None:
    draw = under(stage, "yiyuan-commerce")
    team = named_teams(draw)[0]
    request = ask(stage.officer, "appoint", draw.id, team.pick.id, team.seats[1].seat.id, WHY, NOTE)
    with pytest.raises(Refusal) as refused:
        grant(stage.officer, request.id, way="appoint", inspector_id=1)
    assert refused.value.problem is OWN_REQUEST
    colleague = replace(stage.officer, user_id=stage.head.user_id, name="李科长")
    assert may_decide(colleague, request)


def test_a_recusal_is_met_only_in_a_way_that_the_rules_know(stage: Stage) -> None:
    admin = replace(stage.head, roles=frozenset({Role.ADMIN}))
    set_value(admin, "recusal.ways", "stand_down", "本局不交换检查对象，一律补抽", "示工信发〔2026〕9号")
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    seat = named_teams(draw)[0].seats[0].seat
    assert seat.inspector_id is not None
    request = take_up_recusal(stage.head, draw.id, seat.entity_id, seat.inspector_id, "亲属任职")
    assert request is not None
    with pytest.raises(Refusal) as refused:
        grant(stage.head, request.id, way="swap")
    assert refused.value.problem is WAY_NOT_IN_RULES


def test_who_is_away_on_a_day_of_the_window_does_not_take_a_redrawn_seat(
    stage: Stage, tmp_path: Path
) -> None:
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    team = named_teams(draw)[0]
    inside = {named.seat.inspector_id for named in team.seats}
    local = {inspector: number for number, inspector in inspector_ids(draw).items()}
    *away, free = [i.id for i in stage.inspectors if i.id not in inside]
    with transaction():
        db.session.add_all(
            InspectorLeave(
                agency_id=draw.agency_id,
                inspector_id=each,
                kind="leave",
                first=date(2026, 8, 3),
                last=date(2026, 8, 5),
                entered_by_name="王科长",
                entered_at=now(),
            )
            for each in away
        )
    assert redraw_seat(stage.head, draw.id, team.seats[1].seat.id, WHY, NOTE) == local[free]
    assert verified(anew(stage, draw), tmp_path), (
        "the line says who was passed over, so that anyone comes to the same"
    )
