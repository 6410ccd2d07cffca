"""A whole inspection on one phone: without signal, with the page killed twice, and every piece on the server once."""

from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from backend.fieldwork.evidence.queries import evidence_of, files_held_for
from backend.fieldwork.signatures.queries import signatures_of
from backend.fieldwork.sync.op_log import ops_of_visit
from backend.fieldwork.visits.models import Visit
from backend.plumbing.db import db
from tests.fieldwork import conftest as fieldwork
from tests.journeys.handset import Handset
from tests.people import INSPECTOR, LEADER

matter = fieldwork.matter
task = fieldwork.task
dispatch = fieldwork.dispatch

pytestmark = pytest.mark.browser

PROFILE = {
    "用能类别": lambda phone: phone.chooses("重点用能单位"),
    "上年度综合能源消费量（当量值）": lambda phone: phone.writes("单位：吨标准煤", "12500.50"),
    "主要产品及产量": lambda phone: phone.writes("答案", "轴承 120 万套"),
    "现场有哪些用能设备": lambda phone: phone.chooses("自用变压器"),
    "有下列哪些情形": lambda phone: phone.chooses("以上都没有"),
}
WRONG = "无淘汰变压器在用"
FOUND = "现场有 2 台 S7 型变压器在用。"


def test_what_a_phone_captures_offline_reaches_the_server_once(
    context: Flask, dispatch: Callable[..., str], live_address: str, browser: Browser
) -> None:
    visit_id = dispatch()
    phone = Handset(browser, live_address)
    phone.log_in(LEADER)
    phone.lose_signal()

    _go_to_the_door(phone)
    _answer_the_checklist(phone, killed_before="有能源管理制度", fails=WRONG)
    _write_the_record(phone)
    _dispose_and_conclude(phone)
    _sign_and_submit(phone)
    phone.sees("项仅在本机")
    assert _status(visit_id) == "dispatched", "nothing can have left a phone without signal"

    phone.find_signal()
    phone.follows("同步")
    phone.sees("这部手机上的都已交到服务器，收据都在。")
    _every_piece_arrived_once(visit_id)

    phone.follows("任务")
    phone.follows("示例市第1机械有限公司")
    phone.presses("同意")
    phone.presses("签批：全部同意")
    phone.signs("签字并同意")
    phone.follows("返回")
    phone.follows("同步")
    phone.sees("这部手机上的都已交到服务器，收据都在。")
    assert _status(visit_id) == "approved"
    assert phone.faults == []


def _go_to_the_door(phone: Handset) -> None:
    phone.follows("开始检查")
    phone.follows("到场、出示证件")
    phone.presses("我已到场")
    phone.follows("在此签到")
    phone.signs()
    phone.chooses("不申请回避")
    phone.presses("已出示证件")
    phone.presses("已送达当事人")
    phone.signs("确认签收")


def _answer_the_checklist(phone: Handset, killed_before: str, fails: str) -> None:
    phone.sees("用能类别")
    while question := phone.question():
        if question == killed_before:
            phone.is_killed()
            assert phone.question() == question, "the app comes back to the same question"
        if question in PROFILE:
            PROFILE[question](phone)
            phone.presses("下一项")
        elif question == fails:
            _find_it_wrong(phone, question)
        elif phone.shows("合格"):
            phone.presses("合格")
        else:
            phone.presses("下一项")
        phone.waits_for_another_question_than(question)
    phone.sees("检查表已答完")


def _find_it_wrong(phone: Handset, question: str) -> None:
    phone.presses("不合格")
    phone.writes("发现的问题", FOUND)
    phone.page.get_by_label("当场处置").select_option("责令限期改正")
    with phone.opens_camera("拍"):
        phone.is_killed()
    phone.sees("照片没有收到，请再拍一次")
    assert phone.question() == question, "a camera that took the page with it leads back to the question"
    expect(phone.page.get_by_label("发现的问题")).to_have_value(FOUND)
    phone.photographs("拍", 1)
    phone.sees("01")
    phone.presses("下一项")


def _write_the_record(phone: Handset) -> None:
    phone.follows("现场笔录")
    phone.presses("按检查表起草")
    phone.presses("检查结束，笔录写好了")


def _dispose_and_conclude(phone: Handset) -> None:
    phone.follows("处置")
    phone.presses("15 日内")
    phone.presses("逐项改正，书面报告改正情况")
    phone.follows("请当事人签收")
    phone.signs("确认签收")
    phone.sees("已签收")
    phone.follows("回到检查")
    phone.follows("告知权利、听取陈述")
    phone.chooses("没有陈述申辩")
    phone.presses("已告知，已听取")
    phone.follows("讨论结论")
    phone.chooses("发现问题已责令改正（按检查表）")
    phone.follows("回到检查")


def _sign_and_submit(phone: Handset) -> None:
    phone.follows("签字")
    for _ in ("当事人", LEADER, INSPECTOR):
        phone.page.get_by_role("link", name="签字", exact=True).first.click()
        phone.signs()
        phone.sees("签字，已保存")
    phone.follows("去提交")
    phone.presses("提交检查结果")
    phone.sees("已提交")


def _status(visit_id: str) -> str:
    db.session.rollback()
    return db.session.scalar(select(Visit.status).where(Visit.id == visit_id)) or ""


def _every_piece_arrived_once(visit_id: str) -> None:
    assert _status(visit_id) == "submitted"
    ops = ops_of_visit(visit_id)
    assert {op.status for op in ops} == {"applied"}
    assert sorted(op.chain_seq for op in ops if op.chain_seq) == list(range(1, len(ops) + 1))
    visit = db.session.get_one(Visit, visit_id)
    pieces = evidence_of(visit_id)
    assert len(pieces) == 1
    assert set(files_held_for(visit.id, [pieces[0].sha])) == {pieces[0].sha}
    assert Counter(one.role for one in signatures_of(visit_id)) == {"party": 1, "inspector": 2}
