"""无法检查 on the phone: the circumstance, its proof, both hands, and back to the same page after each (003 art. 17)."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.fieldwork import conftest as fieldwork
from tests.journeys.handset import PATIENCE, Handset
from tests.people import INSPECTOR, LEADER

matter = fieldwork.matter
task = fieldwork.task
dispatch = fieldwork.dispatch

pytestmark = pytest.mark.browser


def test_a_closed_firm_is_signed_by_both_inspectors_and_handed_in(
    context: Flask, dispatch: Callable[..., str], live_address: str, browser: Browser
) -> None:
    visit_id = dispatch()
    phone = Handset(browser, live_address)
    phone.log_in(LEADER)
    phone.goes_to(f"visit/{visit_id}/obstacle")
    phone.page.get_by_label("已关闭停业").check()
    phone.sees("前面填好、附上材料后再签")
    phone.sees("还差：现场情况")
    phone.writes("现场情况", "大门上锁，院内无人")
    phone.writes("何人证实", "门卫证实六月起停产")
    phone.photographs("拍", 1)
    for person in (LEADER, INSPECTOR):
        phone.page.get_by_role("link", name="签字", exact=True).first.click()
        phone.sees("大门上锁，院内无人")
        phone.signs()
        phone.sees(f"{person.name}签字，已保存")
        expect(phone.page.get_by_role("heading", name="无法检查", exact=True)).to_be_visible(timeout=PATIENCE)
    phone.presses("提交：无法检查")
    phone.sees("1 家已办完，没有要查的")
    assert phone.faults == []
