"""A camera that brings no picture: it is said at the button that was pressed, and the next picture clears it."""

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


def test_what_is_no_picture_is_refused_in_words_and_the_next_one_is_kept(
    context: Flask, dispatch: Callable[..., str], live_address: str, browser: Browser
) -> None:
    visit_id = dispatch()
    phone = Handset(browser, live_address)
    phone.log_in(LEADER)
    phone.goes_to(f"visit/{visit_id}/evidence")
    with phone.opens_camera("拍照") as camera:
        camera.set_files({"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture"})
    alert = phone.page.get_by_role("alert")
    expect(alert).to_have_text("没有保存：“notes.txt”不是图片。请拍照，或选一张照片。")
    phone.sees("还没有证据。")

    phone.photographs("拍照", 1)
    phone.sees("共 1 件")
    expect(alert).to_have_count(0)
    assert phone.faults == []
