"""The whole way from the plan to the dispatch through the office's pages, without JavaScript."""

import json
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient

from backend.foundation.permissions.actor import Actor
from backend.planning.draw import verify
from backend.plumbing.db import transaction
from backend.registers.inspectors.models import Inspector
from tests.people import HEAD, OFFICER, OUTSIDER, OVERSIGHT, Person
from tests.planning.directories import PEN, add_entities, add_inspectors, add_matters

LogIn = Callable[[Person], FlaskClient]
RATIOS = {"A": "10%", "B": "20%", "C": "50%", "D": "100%", "未评": "1/2"}


def go(browser: FlaskClient, address: str, **fields: object) -> str:
    """Submit a form that must be accepted; where it leads."""
    answer = browser.post(address, data=fields)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


@pytest.fixture
def people(log_in: LogIn) -> dict[Person, FlaskClient]:
    return {person: log_in(person) for person in (OFFICER, HEAD, OVERSIGHT)}


@pytest.fixture
def inspectors(officer: Actor) -> list[Inspector]:
    add_matters(officer.agency_id, matter_class="key")
    add_entities(officer.agency_id, "A" * 20 + "B" * 10 + "C" * 4 + "D" * 2 + "--")
    return add_inspectors(officer.agency_id, extra=0)


def plan_page(people: dict[Person, FlaskClient]) -> str:
    """A plan with ratios of its own, approved and published; its address."""
    officer = people[OFFICER]
    page = go(officer, "/office/plans", year=2026, body="节能与综合利用科")
    line = re.search(r'name="body-(\d+)"', officer.get(page).text)
    assert line is not None
    number = line[1]
    fields = {f"line-{number}-ratio-{grade}": ratio for grade, ratio in RATIOS.items()}
    fields |= {f"category-{number}": "节能监察", f"body-{number}": "节能与综合利用科"}
    fields |= {f"from-{number}": "7", f"to-{number}": "9", f"frequency-{number}": "一次"}
    go(officer, f"{page}/lines", **fields)
    go(people[HEAD], f"{page}/approvals")
    go(people[OVERSIGHT], f"{page}/publications")
    return page


def task_page(people: dict[Person, FlaskClient]) -> str:
    officer = people[OFFICER]
    plan_page(people)
    line = re.search(r"line=(\d+)", officer.get("/office/tasks/choices").text)
    assert line is not None
    fields = {"title": "三季度抽查", "window_from": "2026-08-01", "window_to": "2026-09-30", "seats": "2"}
    return go(officer, "/office/tasks", plan_line_id=line[1], **fields)


def committed(people: dict[Person, FlaskClient]) -> str:
    """The address of a committed draw."""
    task = task_page(people)
    ceremony = go(
        people[OFFICER],
        "/office/draws",
        task=task.rsplit("/", 1)[-1],
        witness_name=["见证人甲", "见证人乙", "", ""],
        witness_kind=["public", "counsel", "personnel", "personnel"],
        input_digits="4",
        departments=["1"],
        leader_departments=["1"],
        hard_cap="20",
    )
    return ceremony.removesuffix("/ceremony")


def test_from_the_plan_to_the_dispatch_by_forms_alone(
    people: dict[Person, FlaskClient], inspectors: list[Inspector], tmp_path: Path
) -> None:
    officer = people[OFFICER]
    draw = committed(people)
    for position, digits in enumerate(("3516", "0042")):
        go(officer, f"{draw}/inputs", position=position, digits=digits)
    go(officer, f"{draw}/outcomes")
    for name, kind in (("见证人甲", "群众代表"), ("见证人乙", "法律顾问"), ("王科长", "主持人")):
        assert "锁定后记录不能再改" not in officer.get(draw).text
        go(officer, f"{draw}/signatures", name=name, kind=kind, image=(BytesIO(PEN), "pen.png"))
    assert "锁定抽取记录" in officer.get(f"{draw}/ceremony").text, "whoever comes back is led to what is due"
    assert "锁定后记录不能再改" in officer.get(draw).text
    go(officer, f"{draw}/locks")
    with ZipFile(BytesIO(officer.get(f"{draw}/record.zip").data)) as packed:
        packed.extractall(tmp_path)
    assert verify.main([str(tmp_path / "record.json")]) == 0
    record = json.loads((tmp_path / "record.json").read_text("utf-8"))
    assert [s["quota"] for s in record["commit"]["strata"]] == [2, 2, 2, 2, 1]
    task = record["commit"]["tasks"][0]["id"]
    page = officer.get(officer.get("/office/tasks/1").request.path)
    assert task in page.text
    go(officer, "/office/tasks/1/preparations", remote_answer="enter", remote_reason="要看现场设备")
    go(people[HEAD], "/office/tasks/1/approvals", opinion="同意")
    go(officer, "/office/tasks/1/dispatches")
    assert "已派发" in officer.get("/office/tasks/1").text


def test_the_projector_covers_digits_and_names(
    people: dict[Person, FlaskClient], inspectors: list[Inspector]
) -> None:
    officer = people[OFFICER]
    draw = committed(people)
    go(officer, f"{draw}/inputs", position=0, digits="3516")
    page = officer.get(f"{draw}/ceremony").text
    assert "3516" not in page
    assert "已写好" in page
    go(officer, f"{draw}/inputs", position=1, digits="0042")
    go(officer, f"{draw}/outcomes")
    for number in range(1, 10):
        page = officer.get(f"{draw}/ceremony?shown={number}").text
        assert "示例" not in page.replace("示例市工业和信息化局", "").replace("赵示例", "")
        assert "3516" in page
    assert "到场签字" in officer.get(f"{draw}/ceremony?shown=10").text
    assert "企业" in officer.get(draw).text, "the office's own page names them"


def test_a_wrong_form_is_shown_again_with_the_sentence_and_what_was_written(
    people: dict[Person, FlaskClient], inspectors: list[Inspector]
) -> None:
    officer = people[OFFICER]
    draw = committed(people)
    answer = officer.post(f"{draw}/inputs", data={"position": 0, "digits": "12"})
    assert answer.status_code == 422
    assert "请见证人甲写 4 位数字" in answer.text
    answer = officer.post("/office/tasks", data={"title": "写了一半", "plan_line_id": "1"})
    assert answer.status_code == 422
    assert "写了一半" in answer.text
    plan = people[OFFICER].post("/office/plans", data={"year": "2026", "body": "节能科"})
    assert plan.status_code == 409
    assert "2026 年的计划已经有了" in plan.text


def test_the_record_is_not_handed_out_before_the_lock(
    people: dict[Person, FlaskClient], inspectors: list[Inspector], log_in: LogIn
) -> None:
    draw = committed(people)
    assert people[OFFICER].get(f"{draw}/record.zip").status_code == 409
    outsider = log_in(OUTSIDER)
    for address in (draw, f"{draw}/ceremony", f"{draw}/record.zip", "/office/tasks/1", "/office/plans/1"):
        assert outsider.get(address).status_code == 404
    for address in (f"{draw}/inputs", f"{draw}/locks", f"{draw}/voids", "/office/tasks/1/dispatches"):
        assert outsider.post(address, data={"reason": "不相干的人"}).status_code == 404


def test_the_head_voids_and_allows_a_new_draw_by_forms(
    people: dict[Person, FlaskClient], inspectors: list[Inspector]
) -> None:
    draw = committed(people)
    head = people[HEAD]
    assert head.post(f"{draw}/voids", data={"reason": "错"}).status_code == 422
    go(head, f"{draw}/voids", reason="名录漏了一个乡镇")
    assert "名录漏了一个乡镇" in head.get(draw).text
    go(head, f"{draw}/permissions")
    assert people[OFFICER].get(f"{draw}/record.zip").status_code == 200


def test_an_impossible_matching_is_told_in_one_sentence(
    people: dict[Person, FlaskClient], inspectors: list[Inspector]
) -> None:
    with transaction():
        inspectors[2].status = "left"
    officer, task = people[OFFICER], task_page(people)
    draw = go(
        officer,
        "/office/draws",
        task=task.rsplit("/", 1)[-1],
        witness_name="见证人甲",
        witness_kind="public",
        input_digits="4",
        departments="1",
        leader_departments="1",
        hard_cap="3",
    ).removesuffix("/ceremony")
    go(officer, f"{draw}/inputs", position=0, digits="3516")
    go(officer, f"{draw}/outcomes")
    page = officer.get(draw).text
    assert re.search(r"这 \d+ 个席位只有 2 人可派，最多坐满 \d+ 个", page)
    assert "空缺" in page
    for name, kind in (("见证人甲", "群众代表"), ("王科长", "主持人")):
        go(officer, f"{draw}/signatures", name=name, kind=kind, image=(BytesIO(PEN), "pen.png"))
    go(officer, f"{draw}/locks")
    head = people[HEAD]
    adjusting = re.search(rf"{draw}/picks/\d+", head.get(draw).text)
    assert adjusting is not None
    form = head.get(adjusting[0]).text
    seat, inspector = re.search(r"/seats/(\d+)/appointments", form), re.search(r'<option value="(\d+)"', form)
    assert seat is not None
    assert inspector is not None
    fields = {"inspector_id": inspector[1], "reason": "本科室人手不足"}
    go(head, f"{draw}/seats/{seat[1]}/appointments", **fields)
    assert "委派检查人员" in head.get(draw).text
