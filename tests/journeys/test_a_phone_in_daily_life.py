"""What happens to a phone between visits: a colleague who saw it otherwise, a lock, a session that ran out."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from backend.fieldwork.checklists.queries import answer_at, candidates_of
from backend.fieldwork.sync.op_log import ops_of_visit
from backend.foundation.accounts.models import LoginSession
from backend.plumbing.clock import now
from backend.plumbing.db import db
from tests.fieldwork import conftest as fieldwork
from tests.fieldwork.phones import FAIL, Phones, item
from tests.journeys.handset import PATIENCE, Handset
from tests.people import INSPECTOR, LEADER, PASSWORD

matter = fieldwork.matter
task = fieldwork.task
dispatch = fieldwork.dispatch
phones = fieldwork.phones

pytestmark = pytest.mark.browser

QUESTION = "有能源管理制度"


def test_two_different_answers_wait_for_a_person(
    context: Flask, dispatch: Callable[..., str], phones: Phones, live_address: str, browser: Browser
) -> None:
    visit_id = dispatch()
    phone = Handset(browser, live_address)
    phone.log_in(LEADER)
    phone.lose_signal()
    _answer(phone, visit_id)
    colleague = phones(INSPECTOR)
    colleague.pull()
    path = item(colleague, visit_id, "managementSystem")
    colleague.answer(visit_id, path, FAIL)
    colleague.sync()

    phone.find_signal()
    phone.goes_to(f"visit/{visit_id}")
    phone.sees("1 项两人答得不同，请选一个。两个都会留存。")
    phone.follows("去选择")
    phone.page.get_by_role("button", name="不合格：铭牌为淘汰型号").click()
    phone.sees("没有要选的了。")
    _everything_sent(phone)
    db.session.rollback()
    assert candidates_of(visit_id, path) == []
    chosen = answer_at(visit_id, path)
    assert chosen is not None
    assert chosen.value == FAIL
    assert phone.faults == []


def test_a_locked_phone_opens_without_signal_and_holds_everything(
    context: Flask, dispatch: Callable[..., str], live_address: str, browser: Browser
) -> None:
    visit_id = dispatch()
    phone = Handset(browser, live_address)
    phone.log_in(LEADER)
    phone.lose_signal()
    _answer(phone, visit_id)
    phone.goes_to("me")
    phone.presses("退出并锁上")
    phone.sees("项仅在本机。锁上以后仍保留")
    phone.page.get_by_role("dialog").get_by_role("button", name="退出并锁上").click()
    phone.is_killed()

    phone.writes("口令", "not the password")
    phone.presses("进入")
    phone.sees("没有信号。")
    phone.writes("口令", PASSWORD)
    phone.presses("进入")
    phone.goes_to(f"visit/{visit_id}/checklist")
    expect(phone.page.get_by_role("button", name=f"2.1 {QUESTION} 合格")).to_be_visible(timeout=PATIENCE)
    assert phone.faults == []


def test_answers_still_arrive_after_the_session_ended(
    context: Flask, dispatch: Callable[..., str], live_address: str, browser: Browser
) -> None:
    visit_id = dispatch()
    phone = Handset(browser, live_address)
    phone.log_in(LEADER)
    db.session.execute(update(LoginSession).values(revoked_at=now()))
    db.session.commit()

    _answer(phone, visit_id)
    phone.goes_to("sync")
    phone.sees("登录过期了。内容都在本机，照常上传；要看新任务请重新登录。")
    phone.sees("这部手机上的都已交到服务器，收据都在。")
    db.session.rollback()
    assert [op.status for op in ops_of_visit(visit_id)] == ["applied"]
    assert phone.faults == []


def _answer(phone: Handset, visit_id: str) -> None:
    phone.goes_to(f"visit/{visit_id}/checklist")
    phone.page.get_by_role("button", name=QUESTION).click()
    phone.presses("合格")
    phone.sees("2.1 合格，已保存")


def _everything_sent(phone: Handset) -> None:
    phone.goes_to("sync")
    phone.sees("这部手机上的都已交到服务器，收据都在。")
