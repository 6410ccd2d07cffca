"""The parts in a real browser: accessible by axe, nothing wider than the screen, also with text twice as large."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from backend.foundation.accounts.sessions import COOKIE
from tests.people import ADMIN, Person
from tests.screens import faults_seen

pytestmark = pytest.mark.browser

SCREENS = [
    pytest.param(width, height, scheme, id=f"{width}-{scheme}")
    for width, height in ((1440, 900), (1024, 768), (390, 844), (320, 640))
    for scheme in ("light", "dark")
]


@dataclass(frozen=True)
class Door:
    """Where the kit is served, and the cookie of someone logged in."""

    address: str
    cookie: str


@pytest.fixture
def door(kit: Flask, log_in: Callable[[Person], FlaskClient]) -> Iterator[Door]:
    session = log_in(ADMIN).get_cookie(COOKIE)
    assert session is not None
    server = make_server("127.0.0.1", 0, kit, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Door(f"http://127.0.0.1:{server.server_port}", session.value)
    server.shutdown()
    thread.join()


def opened(browser: Browser, door: Door, width: int, height: int, scheme: Any) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )
    page.context.add_cookies([{"name": COOKIE, "value": door.cookie, "url": door.address}])
    page.goto(f"{door.address}/office/kit")
    return page


@pytest.mark.parametrize(("width", "height", "scheme"), SCREENS)
def test_axe_finds_nothing_and_nothing_is_cut(
    browser: Browser, door: Door, width: int, height: int, scheme: str
) -> None:
    page = opened(browser, door, width, height, scheme)
    assert faults_seen(page) == []


@pytest.mark.parametrize("width", [1440, 1024, 390])
@pytest.mark.parametrize("name", ["stage", "reveal"])
def test_the_projector_is_light_and_nothing_is_cut(
    browser: Browser, door: Door, name: str, width: int
) -> None:
    page = opened(browser, door, width, 900, "dark")
    page.goto(f"{door.address}/office/kit/{name}")
    assert faults_seen(page) == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_text_twice_as_large_is_not_cut(browser: Browser, door: Door) -> None:
    page = opened(browser, door, 390, 844, "light")
    page.add_style_tag(content="html { font-size: 200% }")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_citation_opens_beside_the_page_and_closes_with_escape(browser: Browser, door: Door) -> None:
    page = opened(browser, door, 1440, 900, "light")
    page.locator(".cite").first.click()
    assert page.locator(".cite-words:popover-open q").is_visible()
    page.keyboard.press("Escape")
    assert page.locator(".cite-words:popover-open").count() == 0


def test_what_cannot_be_undone_asks_in_a_dialog_and_gives_the_focus_back(
    browser: Browser, door: Door
) -> None:
    page = opened(browser, door, 1440, 900, "light")
    page.locator("details.confirm > summary").click()
    assert page.locator("dialog[open] textarea").evaluate("e => e === document.activeElement")
    page.get_by_role("button", name="不作废").click()
    assert page.locator("dialog").count() == 0
    assert page.locator("details.confirm > summary").evaluate("e => e === document.activeElement")


def test_without_a_script_the_question_opens_in_place(browser: Browser, door: Door) -> None:
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies([{"name": COOKIE, "value": door.cookie, "url": door.address}])
    page = context.new_page()
    page.goto(f"{door.address}/office/kit")
    page.locator("details.confirm > summary").click()
    assert page.locator("details.confirm form.sheet textarea").is_visible()
    context.close()


def test_keys_search_walk_and_open(browser: Browser, door: Door) -> None:
    page = opened(browser, door, 1440, 900, "light")
    page.locator("h1").click()
    page.keyboard.press("j")
    assert page.locator("main a.plain-link").first.evaluate("e => e === document.activeElement")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"


def test_the_menu_of_a_phone_opens_and_closes_without_a_script(browser: Browser, door: Door) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    context.add_cookies([{"name": COOKIE, "value": door.cookie, "url": door.address}])
    page = context.new_page()
    page.goto(f"{door.address}/office/kit")
    assert not page.locator("#nav").is_visible()
    page.get_by_role("link", name="打开菜单").click()
    assert page.locator("#nav").is_visible()
    page.get_by_role("link", name="合上菜单").click()
    assert not page.locator("#nav").is_visible()
    context.close()
