"""Who was sent by a received list is redrawn, swapped or appointed like anyone, and the visit on the phone follows."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from backend.core.errors import EVIDENCE_MISSING, NOT_TO_BE_APPOINTED, Refusal
from backend.fieldwork.visits.queries import visits_of_task
from backend.fieldwork.visits.reassigning import pass_on_recusal
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.foundation.rule_profiles.actions import follow_profile
from backend.planning.adjustments.asking import Paper
from backend.planning.adjustments.deciding import change_received_team, grant
from backend.planning.adjustments.places import seat_behind, to_swap_with
from backend.planning.adjustments.queries import told_adjustments
from backend.planning.received.actions import match_inspectors
from backend.planning.received.models import ReceivedSeat
from backend.planning.received.queries import list_of, seats_of, teams_of
from backend.planning.received.seating import next_for_seat
from backend.planning.tasks.models import Task
from backend.plumbing.db import db
from backend.records.dossier.planning_parts import matching, received_list
from tests.people import HEAD, OFFICER, Person
from tests.planning.conftest import Stage
from tests.planning.directories import give_logins, send_out
from tests.planning.received.test_a_list_drawn_elsewhere_is_taken_in import received, sheet

NOTE = Paper("说明.jpg", b"\xff\xd8\xff handwritten")


def matched_task(stage: Stage, count: int = 3) -> Task:
    give_logins(stage.inspectors)
    task = received(stage, sheet(stage, count=count))
    match_inspectors(stage.officer, task.id, [stage.inspectors[0].department_id or 0], 5)
    return task


def held(task: Task, position: int = 1) -> ReceivedSeat:
    return seats_of(task.id, teams_of(task)[0].entity_id)[position]


def test_the_next_candidate_by_the_lists_own_key_takes_the_seat_and_the_visit(stage: Stage) -> None:
    task = matched_task(stage)
    send_out(stage.officer, stage.head, task)
    seat = held(task)
    left, next_one = seat.inspector_id, next_for_seat(task, seat)
    with pytest.raises(Refusal) as caught:
        change_received_team(stage.head, task.id, seat.id, "工作冲突，本人书面说明")
    assert caught.value.problem is EVIDENCE_MISSING
    change_received_team(stage.head, task.id, seat.id, "工作冲突，本人书面说明", NOTE)
    team = {place: person for person, place in teams_of(task)[0].members}
    assert team[1] == next_one != left
    visit = next(v for v in visits_of_task(task.id) if v.entity_id == seat.entity_id)
    assert {member.inspector_id for member in visit.members} == set(team.values())
    listed, kept = received_list(visit), matching(visit)
    assert listed is not None
    assert kept is not None
    assert (listed.source, listed.sha256) == ("省工业和信息化厅", list_of(task).sha256)
    assert [change.approved_by for change in kept.replacements] == ["郑局长"]


def test_named_teams_get_a_key_of_their_own_once_somebody_is_redrawn(stage: Stage) -> None:
    first, second = stage.inspectors[:2]
    task = received(stage, sheet(stage, first.certificate_no, second.certificate_no))
    assert list_of(task).matching_key is None
    change_received_team(stage.head, task.id, held(task).id, "身体原因不能参加", NOTE)
    assert list_of(task).matching_key
    assert second.id not in dict(teams_of(task)[0].members)


def test_nobody_is_appointed_where_the_rules_redraw_and_somebody_is_where_they_appoint(stage: Stage) -> None:
    task = matched_task(stage)
    outside = next(i for i in stage.inspectors if i.id not in dict(teams_of(task)[0].members))
    with pytest.raises(Refusal) as caught:
        change_received_team(stage.head, task.id, held(task).id, "工作冲突不能参加", NOTE, outside.id)
    assert caught.value.problem is NOT_TO_BE_APPOINTED
    admin = Actor(0, stage.officer.agency_id, None, "李主管", frozenset({Role.ADMIN}))
    follow_profile(admin, "yiyuan-commerce")
    task = received(stage, sheet(stage, *(i.certificate_no for i in stage.inspectors[:2])))
    change_received_team(stage.head, task.id, held(task).id, "工作冲突不能参加", NOTE, stage.inspectors[4].id)
    assert stage.inspectors[4].id in dict(teams_of(task)[0].members)


def test_a_recusal_at_the_door_is_met_by_a_swap(stage: Stage) -> None:
    task = matched_task(stage)
    send_out(stage.officer, stage.head, task)
    seat = held(task)
    visit = next(v for v in visits_of_task(task.id) if v.entity_id == seat.entity_id)
    pass_on_recusal(stage.head, visit.id, seat.inspector_id, seat.entity_id, "与负责人是同学")
    (asked,) = told_adjustments(stage.head.agency_id, ("asked",))
    behind = seat_behind(asked.adjustment)
    assert behind is not None
    others = to_swap_with(stage.head.agency_id, behind)
    other_seat, other_person, other_entity = others[0]
    grant(stage.head, asked.adjustment.id, way="swap", other_seat_id=other_seat)
    teams = {team.entity_id: dict(team.members) for team in teams_of(task)}
    assert teams[seat.entity_id][other_person] == 1
    assert teams[other_entity][seat.inspector_id] == 1


def test_by_forms_alone_the_office_asks_and_the_head_decides(
    stage: Stage, log_in: Callable[[Person], FlaskClient]
) -> None:
    task = matched_task(stage)
    seat = held(task)
    db.session.commit()
    page = f"/office/received/{task.id}/entities/{seat.entity_id}"
    officer = log_in(OFFICER)
    assert "重新抽取" in officer.get(page).text
    form = {"kind": "redraw", "reason": "身体原因不能参加"}
    assert officer.post(f"{page}/seats/{seat.id}", data=form).status_code == 422
    paper = {**form, "paper": (BytesIO(NOTE.content), NOTE.filename)}
    assert officer.post(f"{page}/seats/{seat.id}", data=paper).status_code == 303
    head = log_in(HEAD)
    assert task.serial in head.get("/office/adjustments").text
    db.session.rollback()
    (asked,) = told_adjustments(stage.head.agency_id, ("asked",))
    assert head.get(f"/office/adjustments/{asked.adjustment.id}").status_code == 200
    assert head.post(f"/office/adjustments/{asked.adjustment.id}/grants", data={}).status_code == 303
    db.session.rollback()
    assert seat.inspector_id not in dict(teams_of(task)[0].members)
