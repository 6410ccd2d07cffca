import os
from pathlib import Path
import pytest
from backend.plumbing.db import db
from backend.planning.tasks.models import TaskMatter
from backend.registers.matters.models import Matter
from tests.fieldwork import conftest as fieldwork
from tests.fieldwork.phones import fill_in, sign_all, picture, item, PASS, FAIL
from tests.journeys.handset import Handset, MODEL
from tests.people import LEADER, INSPECTOR, PASSWORD
matter = fieldwork.matter
task = fieldwork.task
dispatch = fieldwork.dispatch
phones = fieldwork.phones
OUT = Path("/tmp/pwa-shots2")

@pytest.mark.browser
def test_shots(context, dispatch, phones, live_address, browser, clock):
    OUT.mkdir(exist_ok=True)
    for f in OUT.glob("*.png"): f.unlink()
    a, b, c = dispatch(1), dispatch(2), dispatch(3)
    other = phones(INSPECTOR); other.pull()
    fill_in(other, a); sign_all(other, a); other.submit(a)
    fill_in(other, c); sign_all(other, c); other.submit(c)
    other.sync()
    lead = phones(LEADER); lead.pull()
    lead.review(c, "return", [{"path": item(lead, c, "obsoleteMotors"), "reason": "看不清铭牌，请补拍"}]); lead.sync()
    phone = Handset(browser, live_address)
    n = [0]
    def shot(name, full=False):
        n[0] += 1; phone.page.wait_for_timeout(400)
        phone.page.screenshot(path=OUT / f"{n[0]:02d}-{name}.png", full_page=full)
    def go(*parts):
        phone.page.goto(f"{phone.address}#/" + "/".join(map(str, parts)))
    phone.page.get_by_label("用户名").fill(LEADER.login); phone.page.get_by_label("密码").fill("wrong")
    phone.page.get_by_role("button", name="登录").click(); shot("login-wrong")
    phone.log_in(LEADER)
    shot("today")
    go("visit", a, "review"); shot("review")
    phone.page.get_by_role("button", name="退回").first.click(); shot("review-return")
    go("visit", c); shot("returned")
    go("visit", c, "evidence"); shot("evidence-server")
    # conflict
    phone.phone.set_offline(True)
    go("visit", b, "checklist"); phone.page.wait_for_timeout(500)
    phone.page.get_by_text("有能源管理制度").click()
    phone.page.get_by_role("button", name="合格", exact=True).click()
    other.answer(b, item(other, b, "managementSystem"), FAIL); other.sync()
    phone.phone.set_offline(False); phone.page.wait_for_timeout(3500)
    go("visit", b); shot("visit-conflict")
    go("visit", b, "conflicts"); shot("conflicts")
    go("me"); phone.page.get_by_text("深色").click(); shot("me-dark")
    go("today"); shot("today-dark")
    go("visit", b, "checklist"); shot("checklist-dark")
    go("visit", a, "review"); shot("review-dark")
    phone.phone.set_offline(True)
    go("sync"); shot("sync-dark")
    go("visit", b); shot("visit-dark")
    go("me"); phone.page.get_by_text("浅色").click(); phone.page.get_by_text("特大").click(); phone.page.get_by_text("左手").click(); shot("me-large")
    go("today"); shot("today-large")
    go("visit", b, "checklist"); shot("checklist-large-left")
    go("visit", b); shot("visit-large")
    go("visit", b, "record"); shot("record-large")
    phone.page.set_viewport_size({"width": 320, "height": 640})
    go("today"); shot("today-320")
    go("visit", b, "checklist"); shot("checklist-320")
    go("sync"); shot("sync-320")
    go("visit", a, "review"); shot("review-320")
    go("me"); phone.page.get_by_text("标准").click(); phone.page.get_by_text("右手").click()
    phone.page.set_viewport_size({"width": 390, "height": 844})
    phone.page.get_by_role("button", name="退出并锁上").click(); shot("lock")
    phone.page.get_by_role("button", name="退出并锁上").last.click(); shot("locked")
    phone.page.get_by_label("密码").fill(PASSWORD); phone.page.get_by_role("button", name="进入").click(); shot("unlocked-offline")
    print(phone.faults)
