"""A list of a superior or a platform comes in with its file, skips the ceremony, is matched and goes out like any other."""

import hashlib
from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from backend.core.errors import (
    LIST_RECEIVED_BEFORE,
    RECEIVED_LIST_DEPARTED,
    RECEIVED_LIST_FAULTY,
    TASK_NOT_IN_STATE,
    Refusal,
)
from backend.fieldwork.visits.queries import visits_of_task
from backend.planning.filings.actions import tick_off
from backend.planning.filings.queries import inspection_filing, parties, running_steps, steps_of
from backend.planning.received.actions import SourceFile, match_inspectors, receive
from backend.planning.received.queries import entities_of, list_of, teams_of
from backend.planning.tasks.made_before import TaskEntry
from backend.planning.tasks.models import Task
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store
from backend.registers.entities.actions import set_status
from backend.registers.entities.merging import merge
from tests.people import OFFICER, Person
from tests.planning.conftest import Stage
from tests.planning.directories import WINDOW, give_logins, send_out

ENTRY = TaskEntry("省厅下派抽查", *WINDOW)


def sheet(stage: Stage, *team: str, count: int = 3) -> SourceFile:
    lines = ["统一社会信用代码,名称,执法证号"]
    lines += [f"{entity.code},{entity.name},{'、'.join(team)}" for entity in stage.entities[:count]]
    return SourceFile("省厅名单.csv", "\n".join(lines).encode())


def received(stage: Stage, file: SourceFile) -> Task:
    return receive(stage.officer, "superior", "省工业和信息化厅", stage.matters[:1], ENTRY, file)


def test_a_list_is_matched_by_chance_and_dispatched(stage: Stage) -> None:
    give_logins(stage.inspectors)
    file = sheet(stage)
    task = received(stage, file)
    held = list_of(task)
    assert (task.origin, task.status) == ("superior", "drawn")
    assert held.sha256 == hashlib.sha256(file.content).hexdigest()
    assert store().read(f"received/{held.sha256}") == file.content
    match_inspectors(stage.officer, task.id, [stage.inspectors[0].department_id or 0], 5)
    teams = teams_of(task)
    assert {team.entity_id for team in teams} == {entity.id for entity in stage.entities[:3]}
    assert all(len(team.members) == 2 for team in teams)
    with pytest.raises(Refusal) as caught:
        match_inspectors(stage.officer, task.id, [stage.inspectors[0].department_id or 0], 5)
    assert caught.value.problem is TASK_NOT_IN_STATE
    send_out(stage.officer, stage.head, task)
    visits = visits_of_task(task.id)
    assert len(visits) == 3
    assert {visit.draw_id for visit in visits} == {None}


def test_named_teams_are_taken_over_as_they_are(stage: Stage) -> None:
    first, second = stage.inspectors[:2]
    task = received(stage, sheet(stage, first.certificate_no, second.certificate_no))
    assert task.status == "matched"
    assert {tuple(team.members) for team in teams_of(task)} == {((first.id, 0), (second.id, 1))}


def test_everyone_whom_a_list_names_goes_along_however_many_seats_were_asked_for(stage: Stage) -> None:
    three = [inspector.certificate_no for inspector in stage.inspectors[:3]]
    task = received(stage, sheet(stage, *three))
    assert {len(team.members) for team in teams_of(task)} == {3}


def test_a_second_press_makes_no_second_task(stage: Stage) -> None:
    received(stage, sheet(stage))
    with pytest.raises(Refusal) as caught:
        received(stage, sheet(stage))
    assert caught.value.problem is LIST_RECEIVED_BEFORE
    assert db.session.query(Task).count() == 1


def test_a_wrong_row_is_named_and_nothing_is_taken_in(stage: Stage) -> None:
    good = sheet(stage).content.decode()
    wrong = SourceFile("名单.csv", f"{good}\n91370300NOSUCHCODE,无,\n".encode())
    with pytest.raises(Refusal) as caught:
        received(stage, wrong)
    assert caught.value.problem is RECEIVED_LIST_FAULTY
    assert "91370300NOSUCHCODE" in caught.value.sentence_zh
    assert db.session.query(Task).count() == 0


def test_a_merged_entry_is_taken_as_the_one_that_stands_for_it_and_only_once(stage: Stage) -> None:
    kept, merged = stage.entities[3], stage.entities[0]
    file = sheet(stage)
    merge(stage.officer, kept.id, merged.id, "核对营业执照，同一主体")
    both = SourceFile("名单.csv", f"{file.content.decode()}\n{kept.code},{kept.name},\n".encode())
    with pytest.raises(Refusal) as caught:
        received(stage, both)
    assert caught.value.problem is RECEIVED_LIST_FAULTY
    assert "A2 重复" in caught.value.sentence_zh
    assert {e.id for e in entities_of(received(stage, file))} == {
        kept.id,
        *(e.id for e in stage.entities[1:3]),
    }


def test_who_has_left_the_register_is_taken_only_knowingly(stage: Stage) -> None:
    gone, file = stage.entities[1], sheet(stage)
    set_status(stage.officer, [gone.id], "deregistered", "登记机关通报")
    with pytest.raises(Refusal) as caught:
        received(stage, file)
    assert caught.value.problem is RECEIVED_LIST_DEPARTED
    assert "A3已注销" in caught.value.sentence_zh
    assert caught.value.citation is not None
    assert db.session.query(Task).count() == 0
    matters = stage.matters[:1]
    task = receive(stage.officer, "superior", "省厅", matters, ENTRY, file, with_departed=True)
    assert gone.id in {entity.id for entity in entities_of(task)}


def test_filings_are_named_with_their_article_and_ticked_off_by_a_person(stage: Stage) -> None:
    first, second = stage.inspectors[:2]
    task = received(stage, sheet(stage, first.certificate_no, second.certificate_no))
    steps = steps_of(task)
    assert [step.words for step in steps[1:]] == [
        "检查登记", "计划申请", "审核批准", "现场检查", "执法文书上传", "结案",
    ]  # fmt: skip
    assert [step.citation.article for step in steps if step.citation] == ["9", *["14"] * 6]
    tick_off(stage.officer, task.id, "检查登记", "ZB-0001")
    done = steps_of(task)[1].done
    assert done is not None
    assert (done.by_name, done.note) == ("王科长", "ZB-0001")
    rows = list(inspection_filing(task).rows)
    assert len(rows) == 3
    assert rows[0][8] == f"{first.certificate_no}、{second.certificate_no}"
    assert len(list(running_steps(task, [step.words for step in steps[1:]]).rows)) == 3
    assert len(list(parties(task.agency_id).rows)) == len(stage.entities)


def test_by_forms_alone(stage: Stage, log_in: Callable[[Person], FlaskClient]) -> None:
    with transaction():
        stage.entities[1].status = "closed"
    db.session.commit()
    officer: FlaskClient = log_in(OFFICER)
    assert officer.get("/office/received/new").status_code == 200
    file = sheet(stage)
    fields = {
        "title": "省厅下派抽查",
        "origin": "platform",
        "source": "省双随机监管平台",
        "matters": str(stage.matters[0]),
        "window_from": "2026-08-01",
        "window_to": "2026-09-30",
        "seats": "2",
    }
    refused = officer.post("/office/received", data=fields)
    assert refused.status_code == 422
    asked = officer.post("/office/received", data={**fields, "file": (BytesIO(file.content), file.filename)})
    assert asked.status_code == 409
    assert "A3已关闭停业" in asked.text
    assert 'name="with_departed"' in asked.text
    fields["with_departed"] = "1"
    answer = officer.post("/office/received", data={**fields, "file": (BytesIO(file.content), file.filename)})
    assert answer.status_code == 303
    page = answer.headers["Location"]
    assert "外部平台抽取" in officer.get(page).text
    assert officer.post(f"{page}/matchings", data={"departments": "1", "hard_cap": "5"}).status_code == 303
    task = page.rsplit("/", 1)[-1]
    assert "权力网络运行系统" in officer.get(f"/office/tasks/{task}/filings").text
    assert officer.post(f"/office/tasks/{task}/filings", data={"step": "结案"}).status_code == 303
    for export in ("inspections", "steps", "parties"):
        assert officer.get(f"/office/tasks/{task}/filings/{export}.xlsx").data.startswith(b"PK")
    assert officer.get(f"/office/tasks/{task}/filings/other.xlsx").status_code == 404
    assert officer.get(f"{page}/source").data == file.content
