"""Experts and others go along: drawn by the matching's key or appointed and approved; seen on the visit, never in the team."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from backend.core.errors import COMPANION_UNSUITABLE, NO_EXPERTS, Refusal
from backend.fieldwork.visits.queries import companions_of_visit, visits_of_task
from backend.planning.companions.actions import appoint, decide, draw_experts, let_leave
from backend.planning.companions.queries import asked_companions, companions_of, matching_key_of
from backend.planning.companions.rules import drawn_experts, why_not_foreseen
from backend.planning.draw.queries import teams_of
from backend.planning.matching.actions import declare_recusal
from backend.planning.tasks.models import Task
from backend.plumbing.db import db, transaction
from backend.registers.inspectors.models import Inspector
from tests.people import HEAD, OFFICER, Person
from tests.planning.conftest import Stage
from tests.planning.directories import give_logins, hold_draw, send_out, task_from


def add_experts(stage: Stage, many: int = 4) -> list[int]:
    experts = [
        Inspector(
            agency_id=stage.officer.agency_id,
            department_id=None,
            user_id=None,
            name=f"专家{n}",
            sex="unstated",
            post="",
            certificate_no=f"专{n}",
            certificate_valid_to=None,
            speciality="热工" if n < 3 else "电气",
            organisation="示例检测院",
            status="active",
            is_expert=True,
        )
        for n in range(many)
    ]
    with transaction():
        db.session.add_all(experts)
    return [expert.id for expert in experts]


def drawn(stage: Stage) -> tuple[Task, int]:
    task = task_from(stage.officer, stage.plan)
    hold_draw(stage.officer, task)
    return task, teams_of(task.id)[0].entity_id


def test_the_same_key_draws_the_same_experts_and_another_entity_others() -> None:
    experts = list(range(1, 40))
    once = drawn_experts(b"\x01" * 32, "甲", experts, 3)
    assert once == drawn_experts(b"\x01" * 32, "甲", experts[::-1], 3)
    assert once != drawn_experts(b"\x01" * 32, "乙", experts, 3)
    assert [ticket for _, ticket in once] == sorted(ticket for _, ticket in once)


def test_an_expert_is_drawn_among_those_without_ties_and_of_the_speciality(stage: Stage) -> None:
    experts = add_experts(stage)
    task, entity_id = drawn(stage)
    code = next(entity.code for entity in stage.entities if entity.id == entity_id)
    declare_recusal(stage.officer, experts[0], code, "曾任该企业顾问")
    (first,) = draw_experts(stage.officer, task.id, entity_id, 1, "热工")
    assert sorted(first.drawn_from) == experts[1:3]
    with pytest.raises(Refusal) as caught:
        draw_experts(stage.officer, task.id, entity_id, 2, "热工")
    assert caught.value.problem is NO_EXPERTS
    assert [one.name for one in companions_of(task.id, entity_id)] == [first.name]


def test_whom_the_draw_chose_leaves_only_with_the_leader_and_the_next_ticket_enters(stage: Stage) -> None:
    experts = add_experts(stage)
    task, entity_id = drawn(stage)
    (first,) = draw_experts(stage.officer, task.id, entity_id, 1)
    let_leave(stage.officer, first.id, "当日另有会议")
    assert [one.name for one in companions_of(task.id, entity_id)] == [first.name], "until it is granted"
    decide(stage.head, first.id, False, "会议可以改期")
    assert first.status == "going"
    let_leave(stage.officer, first.id, "突发疾病住院")
    decide(stage.head, first.id, True, "")
    assert (first.status, first.note) == ("left", "突发疾病住院")
    key = matching_key_of(task)
    assert key is not None
    code = next(entity.code for entity in stage.entities if entity.id == entity_id)
    order = [expert for expert, _ in drawn_experts(key, code, experts, 4)]
    assert first.inspector_id == order[0]
    (second,) = draw_experts(stage.officer, task.id, entity_id, 1)
    assert second.inspector_id == order[1], "who left is not drawn again"


def test_experts_are_not_drawn_on_until_they_please(stage: Stage) -> None:
    add_experts(stage, 8)
    task, entity_id = drawn(stage)
    draw_experts(stage.officer, task.id, entity_id, 1, seen=0)
    for many, seen in ((1, 0), (5, None)):
        with pytest.raises(Refusal) as caught:
            draw_experts(stage.officer, task.id, entity_id, many, seen=seen)
        assert caught.value.problem is COMPANION_UNSUITABLE
    assert len(companions_of(task.id, entity_id)) == 1


def test_an_appointment_waits_for_the_leader_and_its_visit_shows_who_goes_along(
    stage: Stage,
) -> None:
    give_logins(stage.inspectors)
    task, entity_id = drawn(stage)
    send_out(stage.officer, stage.head, task)
    member = teams_of(task.id)[0].members[0][0]
    with pytest.raises(Refusal) as caught:
        appoint(stage.officer, task.id, entity_id, "staff", "业务科室派员随同", member)
    assert caught.value.problem is COMPANION_UNSUITABLE
    asked = appoint(
        stage.officer, task.id, entity_id, "staff", "业务科室派员随同", name="周随同", organisation="节能科"
    )
    assert [one.name for one, _ in asked_companions(stage.head.agency_id)] == ["周随同"]
    visit = next(v for v in visits_of_task(task.id) if v.entity_id == entity_id)
    assert companions_of_visit(visit) == []
    decide(stage.head, asked.id, True, "")
    assert [one.name for one in companions_of_visit(visit)] == ["周随同"]
    let_leave(stage.officer, asked.id, "临时有事")
    assert companions_of_visit(visit) == []


def test_who_goes_along_is_whom_the_rules_foresee(stage: Stage) -> None:
    task, entity_id = drawn(stage)
    stranger = add_experts(stage)[0]
    with transaction():
        db.session.get_one(Inspector, stranger).is_expert = False
    with pytest.raises(Refusal) as caught:
        appoint(stage.officer, task.id, entity_id, "staff", "派员随同检查组", stranger)
    assert "业务科室" in str(caught.value.facts["why"])
    assert caught.value.citation is not None
    assert caught.value.citation.article == "10"


@pytest.mark.parametrize(
    ("who", "in_directory", "of_own", "may"),
    [
        (("检查事项主管业务科室人员",), True, True, True),
        (("检查事项主管业务科室人员",), True, False, False),
        (("检查事项主管业务科室人员",), False, False, True),
        (("专家", "第三方"), False, False, True),
        (("专家", "第三方"), True, True, False),
        (("专家",), False, False, False),
    ],
)
def test_the_texts_differ_on_who_goes_along(
    who: tuple[str, ...], in_directory: bool, of_own: bool, may: bool
) -> None:
    assert (why_not_foreseen(who, in_directory, of_own) == "") is may


def test_by_forms_alone(stage: Stage, log_in: Callable[[Person], FlaskClient]) -> None:
    add_experts(stage)
    task, entity_id = drawn(stage)
    db.session.commit()
    page = f"/office/tasks/{task.id}/companions"
    officer, head = log_in(OFFICER), log_in(HEAD)
    assert "抽取专家" in officer.get(page).text
    draw = {"way": "draw", "entity_id": entity_id, "many": "1"}
    assert officer.post(page, data=draw).status_code == 303
    named = {"way": "appoint", "entity_id": entity_id, "role": "staff", "reason": "业务科室派员随同"}
    refused = officer.post(page, data=named)
    assert refused.status_code == 422
    assert "姓名" in refused.text
    both = {**named, "name": "周随同", "organisation": "节能科"}
    assert officer.post(page, data=both).status_code == 303
    assert "周随同" in head.get("/office/").text
    db.session.rollback()
    (asked, _) = asked_companions(stage.head.agency_id)[0]
    decisions = f"/office/companions/{asked.id}/decisions"
    assert officer.post(decisions, data={"granted": "yes"}).status_code == 403
    assert head.post(decisions, data={"granted": "yes"}).status_code == 303
    assert "郑局长批准" in officer.get(page).text
    leaving = {"reason": "临时有事不能参加"}
    assert officer.post(f"/office/companions/{asked.id}/leavings", data=leaving).status_code == 303
