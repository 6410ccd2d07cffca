"""The office's part of the main job at 1440×900, by its visible controls: task, draw, dispatch, report, publication, seal.

What happens on the phones in between is played by scripted ones.
"""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from backend.core.clock import SHANGHAI
from backend.demonstration import archiving, inspecting
from backend.demonstration.moment import StoryClock
from backend.demonstration.planning_ahead import main_line
from backend.demonstration.recordings import recording
from backend.demonstration.stage import Stage
from backend.demonstration.story import begin
from backend.fieldwork.visits.models import Visit
from backend.planning.tasks.models import Task
from backend.plumbing.db import db
from backend.serving.database import bring_up_to_date
from backend.settings import settings_for
from tests.people import ARCHIVIST, OFFICER, PASSWORD, Person

pytestmark = [pytest.mark.browser, pytest.mark.one_database]


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    clock = StoryClock(datetime(2026, 7, 1, 9, 0, tzinfo=SHANGHAI))
    stage = Stage(replace(settings_for(tmp_path / "data"), clock=clock), clock, tmp_path)
    bring_up_to_date(stage.house)
    begin(stage)
    return stage


@pytest.fixture
def address(stage: Stage) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, stage.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def test_one_task_goes_all_the_way(stage: Stage, address: str, browser: Browser, tmp_path: Path) -> None:
    officer = _at_the_desk(browser, address, OFFICER)
    task_id = _make_the_task(stage, officer, address)
    _hold_the_draw(officer, address, task_id)
    officer.goto(f"{address}/office/tasks/{task_id}")
    officer.get_by_role("button", name="确认派发").click()
    expect(officer.get_by_role("button", name="确认派发")).to_have_count(0)

    assignments = inspecting.inspect(stage, task_id)
    inspecting.approve(stage, assignments)
    visit_id = assignments[0].visit_id

    officer.goto(f"{address}/office/results/{visit_id}")
    officer.get_by_role("button", name="形成报告").click()
    for channel in officer.get_by_role("checkbox").all():
        channel.check()
    officer.get_by_role("button", name="公示 1 项").click()
    expect(officer.get_by_role("button", name="公示 1 项")).to_have_count(0)

    citizen = browser.new_page()
    citizen.goto(f"{address}/")
    expect(citizen.locator("main")).to_contain_text("发现问题已责令改正")

    archivist = _at_the_desk(browser, address, ARCHIVIST)
    archivist.goto(f"{address}/office/dossiers")
    archivist.get_by_role("link", name=_entity_of(stage, visit_id)).first.click()
    file = tmp_path / "recorder.wav"
    file.write_bytes(recording(1))
    archivist.locator("#recordings summary").click()
    archivist.set_input_files("[name=file]", file)
    archivist.get_by_role("button", name="登记文件").click()
    archivist.locator("details.confirm summary").click()
    archivist.locator("form[action$='/sealing'] button.pri").click()
    archiving.do_the_waiting_jobs(stage)
    archivist.reload()
    with archivist.expect_download() as download:
        archivist.get_by_role("link", name="下载档案包").click()
    assert download.value.suggested_filename.endswith(".zip")


def _entity_of(stage: Stage, visit_id: str) -> str:
    with stage.inside():
        return str(db.session.get_one(Visit, visit_id).entity_snapshot["name"])


def _at_the_desk(browser: Browser, address: str, person: Person) -> Page:
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
    page.goto(f"{address}/office/login")
    page.fill("[name=login]", person.login)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{address}/office/")
    return page


def _make_the_task(stage: Stage, page: Page, address: str) -> int:
    with stage.inside():
        line = main_line(stage, 2026)
    page.goto(f"{address}/office/tasks/new?line={line}")
    page.fill("[name=title]", "样例区节能监察")
    page.fill("[name=window_from]", "2026-07-06")
    page.fill("[name=window_to]", "2026-07-24")
    page.fill("[name=region]", "样例区")
    page.fill("[name=directory]", "重点用能单位")
    page.locator("main form[method=post] .btn.pri").click()
    page.wait_for_url("**/office/tasks/*")
    with stage.inside():
        task: Task = db.session.query(Task).one()
        return task.id


def _hold_the_draw(page: Page, address: str, task_id: int) -> None:
    page.goto(f"{address}/office/draws/new?task={task_id}")
    page.locator("[name=witness_name]").nth(0).fill("见证人甲")
    page.locator("[name=witness_name]").nth(1).fill("见证人乙")
    page.get_by_role("button", name="锁定名录，公布承诺").click()
    for digits in ("351642", "004271"):
        page.fill("[name=digits]", digits)
        page.get_by_role("button", name="写好了").click()
    page.get_by_role("button", name="一起翻开，抽取").click()
    page.goto(f"{page.url.split('?')[0]}?shown=all")
    for signer in ("见证人甲", "见证人乙", "王科长"):
        page.get_by_role("button", name=f"{signer}确认签字").click()
    page.get_by_role("button", name="锁定抽取记录").click()
    expect(page.locator(".stage-foot")).to_contain_text("已锁定")
