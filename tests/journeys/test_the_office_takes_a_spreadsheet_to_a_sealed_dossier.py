"""The office's part of the main job at 1440×900, by its visible controls alone, from the first spreadsheet to the sealed dossier.

What happens on the phones in between is played by scripted ones.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from backend.core.clock import SHANGHAI
from backend.demonstration import archiving, inspecting, registering
from backend.demonstration.founding import SEED, found, known_inspectors
from backend.demonstration.moment import StoryClock
from backend.demonstration.planning_ahead import RATIOS
from backend.demonstration.recordings import recording
from backend.demonstration.stage import Stage
from backend.fieldwork.visits.models import Visit
from backend.plumbing.db import db
from backend.registers.demo_data import write_demo_files
from backend.serving.database import bring_up_to_date
from backend.settings import settings_for
from tests.journeys.pens import sign_with_the_pen
from tests.people import ADMIN, ARCHIVIST, HEAD, OFFICER, OVERSIGHT, PASSWORD, Person

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

MATTER = "工业企业节能监察"
TITLE = "样例区节能监察"


@dataclass
class Office:
    """The office's people, each at a desk of their own."""

    stage: Stage
    address: str
    browser: Browser

    def desk(self, person: Person) -> Page:
        """The person's browser, logged in, on the work list."""
        profile = self.browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page = profile.new_page()
        page.goto(f"{self.address}/office/login")
        page.get_by_label("账号").fill(person.login)
        page.get_by_label("口令").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(f"{self.address}/office/")
        return page


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    clock = StoryClock(datetime(2026, 7, 1, 9, 0, tzinfo=SHANGHAI))
    stage = Stage(replace(settings_for(tmp_path / "data"), clock=clock), clock, tmp_path)
    bring_up_to_date(stage.house)
    with stage.inside():
        found()
    return stage


@pytest.fixture
def office(stage: Stage, browser: Browser) -> Iterator[Office]:
    server = make_server("127.0.0.1", 0, stage.application, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Office(stage, f"http://127.0.0.1:{server.server_port}", browser)
    server.shutdown()
    thread.join()


def test_a_spreadsheet_goes_all_the_way_to_a_sealed_dossier(office: Office, tmp_path: Path) -> None:
    follow_the_rules(office.desk(ADMIN))
    officer, overseer, head = office.desk(OFFICER), office.desk(OVERSIGHT), office.desk(HEAD)
    files = write_demo_files(tmp_path, SEED, known_inspectors())
    bring_in(office, officer, "执法人员", files["inspectors"])
    bring_in(office, officer, "检查对象", files["entities"])
    bring_in(office, overseer, "抽查事项", files["matters"])
    publish_the_matter_list(overseer, head)
    publish_the_plan(overseer, head)
    task_id = make_the_task(officer)
    hold_the_draw(officer)
    dispatch(officer, head)

    assignments = inspecting.inspect(office.stage, task_id)
    inspecting.approve(office.stage, assignments)
    with office.stage.inside():
        entity = str(db.session.get_one(Visit, assignments[0].visit_id).entity_snapshot["name"])
    publish_the_result(officer, entity)
    citizen = office.browser.new_page()
    citizen.goto(office.address)
    expect(citizen.locator("main")).to_contain_text("发现问题已责令改正")
    file = tmp_path / "recorder.wav"
    file.write_bytes(recording(1))
    seal_the_dossier(office, office.desk(ARCHIVIST), entity, file)


def follow_the_rules(admin: Page) -> None:
    visit(admin, "规则")
    admin.get_by_role("combobox").select_option(registering.PROFILE)
    admin.get_by_role("button", name="改用这套规则").click()
    admin.get_by_label("理由").fill(registering.CONFIRMED_BECAUSE)
    admin.get_by_role("button", name=re.compile("确认")).click()
    expect(admin.locator("main")).to_contain_text("今年已确认")


def bring_in(office: Office, page: Page, register: str, file: Path) -> None:
    visit(page, register)
    page.locator(".page-head").get_by_role("link", name="导入").click()
    page.set_input_files("[name=file]", file)
    page.get_by_role("button", name="核对这个文件").click()
    archiving.do_the_waiting_jobs(office.stage)
    page.get_by_role("button", name=re.compile("^导入 [0-9,]+ 行$")).click()
    archiving.do_the_waiting_jobs(office.stage)
    expect(page.locator("main")).to_contain_text("已导入")


def publish_the_matter_list(overseer: Page, head: Page) -> None:
    visit(overseer, "抽查事项")
    overseer.get_by_role("button", name="送批这份清单").click()
    visit(head, "抽查事项")
    head.get_by_role("button", name="批准第 1 版").click()
    visit(overseer, "抽查事项")
    overseer.get_by_role("button", name="公布第 1 版").click()
    expect(overseer.get_by_role("button", name="公布第 1 版")).to_have_count(0)


def publish_the_plan(overseer: Page, head: Page) -> None:
    visit(overseer, "抽查计划")
    overseer.get_by_label("检查主体").fill("节能与综合利用科")
    overseer.get_by_role("button", name="按事项清单编制").click()
    line = overseer.locator(
        "#lines section", has=overseer.get_by_role("heading", name=re.compile(f"^{MATTER}"))
    )
    for grade, ratio in RATIOS.items():
        line.get_by_label(f"{grade} 级比例").first.fill(ratio)
    overseer.get_by_role("button", name="保存各行").click()
    visit(head, "抽查计划")
    head.get_by_role("link", name="2026 年度随机抽查工作计划").click()
    head.get_by_role("button", name="批准这份计划").click()
    overseer.reload()
    overseer.get_by_role("button", name="公布这份计划").click()
    expect(overseer.locator(".page-head")).to_contain_text("已公布")


def make_the_task(officer: Page) -> int:
    visit(officer, "抽查任务")
    officer.get_by_role("link", name="制定任务").first.click()
    row = officer.get_by_role("row").filter(has_text=MATTER)
    row.get_by_role("link", name="制定任务").click()
    officer.get_by_label("任务名称").fill(TITLE)
    officer.locator("[name=window_from]").fill("2026-07-06")
    officer.locator("[name=window_to]").fill("2026-07-24")
    officer.get_by_label("区域").select_option("样例区")
    officer.get_by_label("专项名录").select_option("重点用能单位")
    officer.get_by_role("button", name="制定任务").click()
    expect(officer.get_by_role("link", name="准备摇号")).to_be_visible()
    return int(officer.url.rsplit("/", 1)[-1])


def hold_the_draw(officer: Page) -> None:
    officer.get_by_role("link", name="准备摇号").click()
    officer.locator("[name=witness_name]").nth(0).fill("见证人甲")
    officer.locator("[name=witness_name]").nth(1).fill("见证人乙")
    officer.locator("summary", has_text="锁定名录，公布承诺").click()
    officer.get_by_role("button", name="锁定名录，公布承诺").click()
    for digits in ("351642", "004271"):
        officer.fill("[name=digits]", digits)
        officer.get_by_role("button", name="写好了").click()
    officer.get_by_role("button", name="一起翻开，抽取").click()
    officer.goto(f"{officer.url.split('?')[0]}?shown=all")
    for signer in ("见证人甲", "见证人乙", "王科长"):
        sign_with_the_pen(officer, signer)
    officer.get_by_role("button", name="锁定抽取记录").click()
    expect(officer.locator(".stage-foot")).to_contain_text("已锁定")


def dispatch(officer: Page, head: Page) -> None:
    officer.goto(officer.url.split("/office/")[0] + "/office/")
    visit(officer, "抽查任务")
    officer.get_by_role("link", name=TITLE).click()
    officer.get_by_role("radio", name="必须到现场").check()
    officer.get_by_label("为什么要到现场").fill("要看现场的用能设备")
    officer.get_by_role("button", name="保存").click()
    visit(head, "抽查任务")
    head.get_by_role("link", name=TITLE).click()
    head.get_by_role("button", name="同意实施行政检查").click()
    officer.reload()
    officer.get_by_role("button", name="确认派发").click()
    expect(officer.get_by_role("button", name="确认派发")).to_have_count(0)


def publish_the_result(officer: Page, entity: str) -> None:
    visit(officer, "结果与公示")
    officer.get_by_role("link", name=re.compile("^待形成报告")).click()
    officer.get_by_role("link", name=entity, exact=True).click()
    officer.get_by_role("button", name="形成报告").click()
    for channel in officer.get_by_role("checkbox").all():
        channel.check()
    officer.get_by_role("button", name="公示 1 项").click()
    expect(officer.get_by_role("button", name="公示 1 项")).to_have_count(0)


def seal_the_dossier(office: Office, archivist: Page, entity: str, file: Path) -> None:
    visit(archivist, "档案")
    archivist.get_by_role("link", name=entity).first.click()
    archivist.locator("#recordings summary").click()
    archivist.set_input_files("[name=file]", file)
    archivist.get_by_role("button", name="登记文件").click()
    archivist.locator("details.confirm summary").click()
    archivist.locator("form[action$='/sealing'] button.pri").click()
    expect(archivist.get_by_text("正在封存。")).to_be_visible()
    archiving.do_the_waiting_jobs(office.stage)
    with archivist.expect_download() as download:
        archivist.get_by_role("link", name="下载档案包").click()
    assert download.value.suggested_filename.endswith(".zip")


def visit(page: Page, part: str) -> None:
    """Go to a part of the office by the side navigation."""
    page.get_by_role("navigation", name="功能").get_by_role("link", name=part, exact=True).click()
