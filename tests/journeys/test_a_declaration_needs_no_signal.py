"""利害关系 declared in the field: kept without a signal, sent with one, read by those who decide and nobody else."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser
from sqlalchemy import select

from backend.fieldwork.sync.op_log import ops_where
from backend.plumbing.db import db
from backend.registers.conflicts.models import Conflict
from tests.fieldwork import conftest as fieldwork
from tests.journeys.handset import Handset
from tests.people import LEADER

matter = fieldwork.matter
task = fieldwork.task
dispatch = fieldwork.dispatch
phones = fieldwork.phones

pytestmark = pytest.mark.browser

WORDS = "胞弟在该公司任采购经理"


def _declares(phone: Handset, button: str) -> None:
    phone.chooses("近亲属在该单位任职或持股")
    phone.page.get_by_label("说明").fill(WORDS)
    phone.presses(button)


def test_it_waits_for_a_signal_and_reaches_those_who_decide(
    context: Flask, dispatch: Callable[..., str], live_address: str, browser: Browser
) -> None:
    dispatch()
    phone = Handset(browser, live_address)
    phone.log_in(LEADER)
    phone.lose_signal()
    phone.goes_to("me")
    phone.follows("申报利害关系")
    phone.page.get_by_role("radio").first.check()
    _declares(phone, "申报")
    phone.sees("在本机，等信号")
    phone.is_killed()
    phone.find_signal()
    phone.goes_to("ties")
    phone.sees("已交单位负责人")
    db.session.rollback()
    assert [one.words for one in db.session.scalars(select(Conflict))] == [WORDS]
    assert phone.faults == []


def test_standing_back_from_a_visit_tells_the_team_that_and_never_why(
    context: Flask, dispatch: Callable[..., str], live_address: str, browser: Browser
) -> None:
    visit_id = dispatch()
    phone = Handset(browser, live_address)
    phone.log_in(LEADER)
    phone.lose_signal()
    phone.goes_to(f"visit/{visit_id}/recusal")
    _declares(phone, "申请回避")
    phone.sees("已申请回避。")
    phone.find_signal()
    phone.goes_to("sync")
    phone.sees("这部手机上的都已交到服务器，收据都在。")
    db.session.rollback()
    assert [one.words for one in db.session.scalars(select(Conflict))] == [WORDS]
    (asked,) = [op for op in ops_where() if op.path.startswith("/recusals/")]
    assert WORDS not in str(asked.body)
    assert phone.faults == []
