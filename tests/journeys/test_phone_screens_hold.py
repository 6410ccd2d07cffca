"""The phone's screens in a real browser: accessible by axe, nothing wider than the screen and nothing cut, also with text
twice as large on the narrowest phone, turned sideways, and in English."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.fieldwork import conftest as fieldwork
from tests.fieldwork.phones import FAIL, Phones, fill_in, item, sign_all
from tests.journeys.handset import Handset
from tests.people import INSPECTOR, LEADER
from tests.screens import faults_seen

matter = fieldwork.matter
task = fieldwork.task
dispatch = fieldwork.dispatch
phones = fieldwork.phones

pytestmark = pytest.mark.browser

PARTS = (
    "precheck method certificates badge recusal notice delivery/notice checklist evidence record disposal rights results"
    " signing sign/party refusal text papers copy paper/notice paper/record paper/evidence submit obstacle conflicts review"
)
TABS = ("today", "tasks", "sync", "me")
CUT = """() => [...document.querySelectorAll('main *, .dock *, .ab *, .tabs *')].filter((one) => {
  const look = getComputedStyle(one);
  const hides = look.overflowX !== 'visible' || look.overflowY !== 'visible';
  const meant = one.matches('.paper, .who > .sp') || one.closest('.ell, .for-readers, .shot, .view, .picture, .pad-box, textarea, input, select, nav, svg');
  return hides && !meant && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
}).map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture
def screens(dispatch: Callable[..., str], phones: Phones) -> list[str]:
    """Every screen of the app, over a visit that is done and one that is under way."""
    done, begun = dispatch(1), dispatch(2)
    colleague = phones(INSPECTOR)
    colleague.pull()
    fill_in(colleague, done)
    sign_all(colleague, done)
    colleague.submit(done)
    colleague.answer(begun, item(colleague, begun, "obsoleteMotors"), FAIL)
    colleague.sync()
    forms = f"form/{colleague.docs['visit', begun]['body']['matters'][0]['id']}"
    return [*TABS, *(f"visit/{id}/{part}" for id in (done, begun) for part in ("", forms, *PARTS.split()))]


@pytest.mark.parametrize("look", ["浅色", "深色"])
def test_every_screen_is_accessible_and_fits(
    context: Flask, screens: list[str], live_address: str, browser: Browser, look: str
) -> None:
    phone = Handset(browser, live_address)
    phone.log_in(LEADER)
    phone.goes_to("me")
    phone.chooses(look)
    faults: dict[str, list[str]] = {}
    for width, size in ((390, "标准"), (320, "特大")):
        phone.page.set_viewport_size({"width": width, "height": 700})
        phone.goes_to("me")
        phone.chooses(size)
        for screen in screens:
            phone.goes_to(screen)
            if found := faults_seen(phone.page):
                faults[f"{screen} at {width}"] = found
    assert faults == {}
    assert phone.faults == []


def test_nothing_is_cut_at_twice_the_size_nor_sideways_nor_in_english(
    context: Flask, screens: list[str], live_address: str, browser: Browser
) -> None:
    phone = Handset(browser, live_address)
    phone.log_in(LEADER)
    faults: dict[str, list[str]] = {}
    for language, width, height, percent in (
        ("中文", 320, 640, 200),
        ("中文", 740, 360, 100),
        ("English", 320, 640, 100),
    ):
        phone.page.set_viewport_size({"width": width, "height": height})
        phone.goes_to("me")
        phone.chooses(language)
        for screen in screens:
            phone.goes_to(screen)
            phone.page.evaluate(f"document.documentElement.style.fontSize = '{percent}%'")
            found = phone.page.evaluate(CUT)
            if phone.page.evaluate("document.documentElement.scrollWidth") > width:
                found.append("wider than the screen")
            if found:
                faults[f"{screen} at {width} x {height}, {percent} %, {language}"] = found
    assert not faults, "\n".join(f"{screen}: {found}" for screen, found in faults.items())
    assert phone.faults == []
