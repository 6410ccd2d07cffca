"""The phone's screens in a real browser: accessible by axe, nothing wider than the screen, also with text twice as large."""

from collections.abc import Callable

import pytest
from axe_core_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser

from tests.fieldwork import conftest as fieldwork
from tests.fieldwork.phones import FAIL, Phones, fill_in, item, sign_all
from tests.journeys.handset import Handset
from tests.people import INSPECTOR, LEADER

matter = fieldwork.matter
task = fieldwork.task
dispatch = fieldwork.dispatch
phones = fieldwork.phones

pytestmark = pytest.mark.browser

PARTS = (
    "precheck method certificates badge recusal notice delivery/notice checklist evidence record disposal rights results"
    " signing sign/party refusal text papers paper/notice paper/record paper/evidence submit obstacle conflicts review"
)
TABS = ("today", "tasks", "sync", "me")


@pytest.mark.parametrize("look", ["浅色", "深色"])
def test_every_screen_is_accessible_and_fits(
    context: Flask,
    dispatch: Callable[..., str],
    phones: Phones,
    live_address: str,
    browser: Browser,
    look: str,
) -> None:
    done, begun = dispatch(1), dispatch(2)
    colleague = phones(INSPECTOR)
    colleague.pull()
    fill_in(colleague, done)
    sign_all(colleague, done)
    colleague.submit(done)
    colleague.answer(begun, item(colleague, begun, "obsoleteMotors"), FAIL)
    colleague.sync()
    phone = Handset(browser, live_address)
    phone.log_in(LEADER)
    phone.goes_to("me")
    phone.chooses(look)

    screens = [*TABS, *(f"visit/{id}/{part}" for id in (done, begun) for part in ("", *PARTS.split()))]
    faults: dict[str, list[str]] = {}
    for width, size in ((390, "标准"), (320, "特大")):
        phone.page.set_viewport_size({"width": width, "height": 700})
        phone.goes_to("me")
        phone.chooses(size)
        for screen in screens:
            phone.goes_to(screen)
            found = [f"{one['id']}: {one['nodes'][0]['html']}" for one in Axe().run(phone.page)["violations"]]
            if phone.page.evaluate("document.documentElement.scrollWidth") > width:
                found.append("wider than the screen")
            if found:
                faults[f"{screen} at {width}"] = found
    assert faults == {}
    assert phone.faults == []
