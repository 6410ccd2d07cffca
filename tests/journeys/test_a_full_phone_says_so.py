"""A phone without room: nothing is called saved that is not, and the next try works once there is room."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.fieldwork import conftest as fieldwork
from tests.journeys.handset import Handset
from tests.people import LEADER

matter = fieldwork.matter
task = fieldwork.task
dispatch = fieldwork.dispatch

pytestmark = pytest.mark.browser

FILL_UP = """() => {
  window.realPut = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, key) {
    if (this.name === "answers") throw new DOMException("full", "QuotaExceededError");
    return window.realPut.call(this, value, key);
  };
}"""
MAKE_ROOM = "() => { IDBObjectStore.prototype.put = window.realPut; }"


def test_what_was_not_saved_is_not_shown_as_chosen(
    context: Flask, dispatch: Callable[..., str], live_address: str, browser: Browser
) -> None:
    visit_id = dispatch()
    phone = Handset(browser, live_address)
    phone.log_in(LEADER)
    phone.goes_to(f"visit/{visit_id}/checklist")
    phone.sees("用能类别")
    phone.page.evaluate(FILL_UP)
    choice = phone.page.get_by_label("重点用能单位", exact=True)
    choice.click()
    phone.sees("没有保存。手机空间满了，请清出 50 MB；空间够了再答一次。")
    phone.presses("知道了，再做一次")
    phone.sees("没有保存")
    expect(choice).not_to_be_checked()

    phone.page.evaluate(MAKE_ROOM)
    choice.click()
    phone.sees("已保存")
    phone.sees("1 / 30 项已答")
    expect(choice).to_be_checked()
    assert phone.faults == ["the phone has no room left"]
