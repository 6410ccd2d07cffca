"""Every kind of office page after a whole story, in a real browser: no console error, no other host, no axe violation.

On the desk in light and on a phone in the dark; nothing wider than the screen.
"""

import threading
from collections.abc import Iterator
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from werkzeug.serving import make_server

from backend.foundation.accounts.sessions import COOKIE
from tests.journeys.crawling import kind_of, walk
from tests.journeys.world import World
from tests.people import ADMIN, ARCHIVIST, HEAD, LEADER, OFFICER, OVERSIGHT, Person
from tests.screens import faults_seen

Scheme = Literal["light", "dark"]

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

LOOKS: list[tuple[ViewportSize, Scheme]] = [
    ({"width": 1440, "height": 900}, "light"),
    ({"width": 390, "height": 844}, "dark"),
]


@pytest.fixture(scope="module")
def office(world: World) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, world.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def pages(world: World) -> dict[Person, list[str]]:
    """One address of every kind of page, each with someone who may open it."""
    seen: set[str] = set()
    found: dict[Person, list[str]] = {}
    for person in (OFFICER, OVERSIGHT, HEAD, ADMIN, ARCHIVIST, LEADER):
        met = walk(world.browser(person), "/office/", ("/office",), most_of_a_kind=1)
        new = [a for a in met.html if kind_of(world.app, a) not in seen]
        seen |= {kind_of(world.app, a) for a in new}
        found[person] = new
    return found


def test_every_kind_of_page_is_clean(
    world: World, office: str, pages: dict[Person, list[str]], browser: Browser
) -> None:
    faults: dict[str, list[str]] = {}
    for person, addresses in pages.items():
        context = browser.new_context()
        context.add_cookies([{"name": COOKIE, "value": _cookie(world, person), "url": office}])
        faults |= _faults(context.new_page(), office, addresses)
        context.close()
    assert faults == {}


def _faults(page: Page, office: str, addresses: list[str]) -> dict[str, list[str]]:
    """What is wrong with each address, looked at one after the other in one page."""
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: _note_foreign(request.url, office, told))
    faults = {}
    for address in addresses:
        page.goto(f"{office}{address}")
        for screen, scheme in LOOKS:
            page.set_viewport_size(screen)
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            told += [f"{scheme}: {fault}" for fault in faults_seen(page)]
        if told:
            faults[address] = told.copy()
        told.clear()
    return faults


def _note_foreign(url: str, office: str, told: list[str]) -> None:
    if urlsplit(url).scheme in ("http", "https") and not url.startswith(office):
        told.append(f"asked {url}")


def _cookie(world: World, person: Person) -> str:
    held = world.browser(person).get_cookie(COOKIE)
    assert held is not None
    return held.value
