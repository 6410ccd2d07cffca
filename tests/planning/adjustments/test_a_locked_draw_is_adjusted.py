"""A locked draw is adjusted: the next ticket enters, the next candidate sits down, the leader of the unit appoints."""

import json
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.core.clock import SHANGHAI
from backend.core.errors import (
    ADJUSTMENT_DECIDED,
    EVIDENCE_MISSING,
    NOT_TO_BE_APPOINTED,
    TASK_NOT_IN_STATE,
    Refusal,
)
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.foundation.rule_profiles.actions import follow_profile
from backend.planning.adjustments.asking import LARGEST_PAPER, Paper, ask
from backend.planning.adjustments.deciding import appoint, grant, redraw_seat, refuse, replace
from backend.planning.adjustments.queries import adjustment_of, rates_by_department, rates_by_officer
from backend.planning.adjustments.seating import inspector_ids, next_for_seat
from backend.planning.draw.endings import open_record
from backend.planning.draw.queries import teams_of
from backend.planning.draw.views import named_teams
from backend.planning.matching.actions import declare_recusal
from backend.planning.tasks.actions import dispatch
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.registers.conflicts.models import Conflict
from tests.people import OFFICER, Person
from tests.planning.conftest import Stage
from tests.planning.directories import hold_draw, task_from
from tests.planning.draw.test_what_may_still_happen_to_a_draw import anew, verified

LogIn = Callable[[Person], FlaskClient]
NOTE = Paper("说明.jpg", b"\xff\xd8\xff handwritten")


def test_the_next_ticket_enters_for_one_that_leaves_and_takes_its_team(stage: Stage, tmp_path: Path) -> None:
    task = task_from(stage.officer, stage.plan)
    draw = hold_draw(stage.officer, task)
    leaver = next(pick for pick in draw.picks if pick.stratum == "C")
    team = next(team for team in teams_of(task.id) if team.entity_id == leaver.entity_id)
    replace(stage.head, draw.id, leaver.id, "企业已搬离本市")
    changed = anew(stage, draw)
    entrant = next(p for p in changed.picks if p.stratum == "C" and p.status == "picked")
    assert (leaver.status, entrant.rank) == ("replaced", leaver.rank + 1)
    teams = {t.entity_id: t.members for t in teams_of(task.id)}
    assert teams[entrant.entity_id] == team.members
    assert leaver.entity_id not in teams
    assert verified(changed, tmp_path), "the record itself stays as it was locked"


def test_a_number_written_into_a_reason_never_stands_in_the_public_line(stage: Stage) -> None:
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    replace(stage.head, draw.id, draw.picks[0].id, "企业已搬离，联系人 13812345678")
    assert json.loads(anew(stage, draw).events[-1].line)["reason"] == "企业已搬离，联系人 138****5678"


def test_an_exhausted_stratum_gives_nobody(stage: Stage) -> None:
    task = task_from(stage.officer, stage.plan)
    with transaction():
        task.ratios = {**task.ratios, "D": [1, 1]}
    draw = hold_draw(stage.officer, task)
    leaver = next(pick for pick in draw.picks if pick.stratum == "D")
    assert replace(stage.head, draw.id, leaver.id, "企业已搬离本市") is None
    assert leaver.entity_id not in {team.entity_id for team in teams_of(task.id)}


def test_an_inspector_who_stands_down_is_followed_by_the_next_candidate(stage: Stage, tmp_path: Path) -> None:
    task = task_from(stage.officer, stage.plan)
    draw = hold_draw(stage.officer, task)
    seat = named_teams(draw)[0].seats[1].seat
    left, before = seat.inspector_id, dict(teams_of(task.id)[0].members)
    with pytest.raises(Refusal) as caught:
        redraw_seat(stage.head, draw.id, seat.id, "工作冲突，本人书面说明")
    assert caught.value.problem is EVIDENCE_MISSING
    redraw_seat(stage.head, draw.id, seat.id, "工作冲突，本人书面说明", NOTE)
    after = dict(teams_of(task.id)[0].members)
    assert left not in after
    assert len(after) == 2
    assert {person for person, place in after.items() if place == 0} == {
        person for person, place in before.items() if place == 0
    }
    assert verified(anew(stage, draw), tmp_path)


def test_where_too_few_could_be_drawn_the_head_appoints_and_only_then_the_task_goes_out(
    stage: Stage, clock: Any, tmp_path: Path
) -> None:
    with transaction():
        for inspector in stage.inspectors[2:]:
            inspector.department_id = None
    task = task_from(stage.officer, stage.plan)
    draw = hold_draw(stage.officer, task, hard_cap=5)
    assert task.status == "drawn"
    with pytest.raises(Refusal) as caught:
        dispatch(stage.officer, task.id)
    assert caught.value.problem is TASK_NOT_IN_STATE
    outside = [inspector.id for inspector in stage.inspectors[2:]]
    for team in named_teams(draw):
        for named in team.seats:
            person = outside[named.seat.position]
            appoint(stage.head, draw.id, named.seat.id, person, "本科室人手不足，跨科室委派")
    assert task.status == "matched"
    assert [tuple(team.members) for team in teams_of(task.id)] == [((outside[0], 0), (outside[1], 1))] * 6
    clock.moment = datetime(2026, 10, 1, 9, 0, tzinfo=SHANGHAI)
    open_record(stage.officer, draw.id)
    names = json.loads(anew(stage, draw).events[-1].line)["inspectors"]
    assert {names["A001"], names["A002"]} == {i.name for i in stage.inspectors[2:4]}
    assert verified(anew(stage, draw), tmp_path)


def test_nobody_with_ties_or_without_a_certificate_is_appointed(stage: Stage) -> None:
    with transaction():
        for inspector in stage.inspectors[2:]:
            inspector.department_id = None
        stage.inspectors[3].certificate_valid_to = None
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan), hard_cap=5)
    team = named_teams(draw)[0]
    declare_recusal(stage.officer, stage.inspectors[2].id, team.entity.code, "亲属任职")
    for inspector in stage.inspectors[2:4]:
        with pytest.raises(Refusal) as caught:
            appoint(stage.head, draw.id, team.seats[0].seat.id, inspector.id, "本科室人手不足")
        assert caught.value.problem is NOT_TO_BE_APPOINTED


def test_who_reached_the_cap_meanwhile_does_not_enter_and_is_named(stage: Stage, tmp_path: Path) -> None:
    with transaction():
        for number, entity in enumerate(stage.entities):
            entity.risk_grade = "C" if number < 3 else "B"
    task = task_from(stage.officer, stage.plan)
    draw = hold_draw(stage.officer, task)
    leaver = next(pick for pick in draw.picks if pick.stratum == "C")
    others = [entity for entity in stage.entities[:3] if entity.id != leaver.entity_id]
    with transaction():
        others[0].status = "closed"
        others[1].status = "moved_out"
    assert replace(stage.head, draw.id, leaver.id, "企业已搬离本市") is None
    event = json.loads(anew(stage, draw).events[-1].line)
    assert {passed["reason"] for passed in event["passed_over"]} == {"已关闭停业", "已迁出"}
    assert verified(anew(stage, draw), tmp_path)


def test_two_later_draws_bar_an_entity_from_entering(stage: Stage) -> None:
    with transaction():
        for number, entity in enumerate(stage.entities):
            entity.risk_grade = "C" if number < 3 else None
            entity.region = "别处" if number >= 3 else "示例区"
    first = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    leaver = next(pick for pick in first.picks if pick.stratum == "C")
    with transaction():
        stage.plan.lines[0].ratios = {"C": [1, 1]}
    for title in ("第二次", "第三次"):
        hold_draw(stage.officer, task_from(stage.officer, stage.plan, title, scope={"region": "示例区"}))
    assert replace(stage.head, first.id, leaver.id, "企业已搬离本市") is None
    passed = json.loads(anew(stage, first).events[-1].line)["passed_over"]
    assert len(passed) == 2
    assert all("满 2 次" in one["reason"] for one in passed)


def test_the_office_asks_and_the_leader_decides_once(stage: Stage) -> None:
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    pick = draw.picks[0]
    asked = ask(stage.officer, "replace", draw.id, pick.id, None, "企业已搬离本市", NOTE)
    assert pick.status == "picked"
    grant(stage.head, asked.id, "核实无误")
    decided = adjustment_of(stage.head.agency_id, asked.id)
    assert (decided.status, decided.decided_by_name, pick.status) == ("granted", "郑局长", "replaced")
    with pytest.raises(Refusal) as caught:
        refuse(stage.head, asked.id, "改主意了")
    assert caught.value.problem is ADJUSTMENT_DECIDED
    event = json.loads(anew(stage, draw).events[-1].line)
    assert (event["asked_by"], event["evidence"]) == ("王科长", decided.evidence_sha256)


def test_asking_twice_asks_once_and_a_seat_belongs_to_its_entity(stage: Stage) -> None:
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    first, second = draw.picks[:2]
    asked = [ask(stage.officer, "replace", draw.id, first.id, None, "企业已搬离本市", None) for _ in "ab"]
    assert asked[0].id == asked[1].id
    strange = named_teams(draw, pick_id=second.id)[0].seats[0].seat.id
    for seat_id in (strange, None):
        with pytest.raises(Refusal, match="not-found"):
            ask(stage.officer, "redraw", draw.id, first.id, seat_id, "检查人员请假", NOTE)


def test_ties_declared_after_the_draw_keep_a_redrawn_seat_free_of_them(stage: Stage) -> None:
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    team = named_teams(draw)[0]
    seat = team.seats[1].seat
    following = next_for_seat(draw, seat)
    tied = inspector_ids(draw)[following or ""]
    with transaction():
        db.session.add(
            Conflict(
                agency_id=draw.agency_id,
                inspector_id=tied,
                entity_id=team.entity.id,
                tie="relative_there",
                words="胞弟在该公司任职",
                state="declared",
                declared_at=now(),
            )
        )
    assert next_for_seat(anew(stage, draw), seat) != following


def test_a_note_too_large_is_refused_and_never_cut(stage: Stage, log_in: LogIn) -> None:
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    db.session.commit()
    note = (BytesIO(b"\xff\xd8\xff" + bytes(LARGEST_PAPER)), "说明.jpg")
    form = {"kind": "replace", "reason": "企业已搬离本市", "paper": note}
    answer = log_in(OFFICER).post(f"/office/draws/{draw.id}/picks/{draw.picks[0].id}/requests", data=form)
    assert answer.status_code == 422
    assert "没有收下" in answer.text


def test_rates_count_what_was_granted_against_what_was_drawn(stage: Stage) -> None:
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    first, second = draw.picks[:2]
    grant(stage.head, ask(stage.officer, "replace", draw.id, first.id, None, "企业已搬离本市", None).id)
    refuse(
        stage.head, ask(stage.officer, "replace", draw.id, second.id, None, "企业不方便", None).id, "理由不足"
    )
    (officer,) = rates_by_officer(stage.head.agency_id)
    assert (officer.who, officer.asked, officer.granted) == ("王科长", 2, 1)
    (department,) = rates_by_department(stage.head.agency_id)
    entities, seats = 7, 14
    assert (department.asked, department.granted, department.drawn) == (2, 1, entities + seats)


def test_no_rate_passes_a_hundred_per_cent_however_much_is_changed(
    stage: Stage,
) -> None:
    """A seat changed again and again gives a row each time; who asks about a colleague's draw is measured by it."""
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan), hard_cap=99)
    for _ in range(3):
        for team in named_teams(anew(stage, draw)):
            for named in team.seats:
                redraw_seat(stage.head, draw.id, named.seat.id, "检查人员临时出差", NOTE)
    rates = [*rates_by_officer(stage.head.agency_id), *rates_by_department(stage.head.agency_id)]
    assert max(rate.granted for rate in rates) == 36
    assert all(rate.granted <= rate.drawn for rate in rates)


def test_where_the_rules_appoint_nobody_is_redrawn(stage: Stage) -> None:
    admin = Actor(0, stage.officer.agency_id, None, "李主管", frozenset({Role.ADMIN}))
    follow_profile(admin, "yiyuan-commerce")
    draw = hold_draw(stage.officer, task_from(stage.officer, stage.plan))
    team = named_teams(draw)[0]
    seat = team.seats[1].seat
    with pytest.raises(Refusal) as caught:
        redraw_seat(stage.head, draw.id, seat.id, "工作冲突不能参加", NOTE)
    assert caught.value.problem is NOT_TO_BE_APPOINTED
    inside = {named.seat.inspector_id for named in team.seats}
    person = next(i for i in stage.inspectors if i.id not in inside)
    appoint(stage.head, draw.id, seat.id, person.id, "工作冲突不能参加")
    assert person.id in dict(
        next(t for t in teams_of(draw.tasks[0].task_id) if t.entity_id == team.entity.id).members
    )
