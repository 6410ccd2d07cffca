"""Every kind of office page after a whole story, in a real browser: no console error, no other host, no axe violation.

On the desk in light and on a phone in the dark; nothing wider than the screen.
"""

import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from backend.foundation.accounts.sessions import COOKIE
from tests.journeys.crawling import kind_of, walk
from tests.journeys.world import World
from tests.people import ADMIN, ARCHIVIST, HEAD, LEADER, OFFICER, OVERSIGHT, Person

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

LOOKS = {"desk, light": (1440, 900, "light"), "phone, dark": (390, 844, "dark")}


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


@pytest.mark.parametrize("look", LOOKS)
def test_every_kind_of_page_is_clean(
    world: World, office: str, pages: dict[Person, list[str]], browser: Browser, look: str
) -> None:
    width, height, scheme = LOOKS[look]
    faults: dict[str, list[str]] = {}
    for person, addresses in pages.items():
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme="dark" if scheme == "dark" else "light"
        )
        context.add_cookies([{"name": COOKIE, "value": _cookie(world, person), "url": office}])
        for address in addresses:
            if found := _faults(context.new_page(), office, address):
                faults[address] = found
        context.close()
    assert faults == {}


def _faults(page: Page, office: str, address: str) -> list[str]:
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda request: _note_foreign(request.url, office, told))
    page.goto(f"{office}{address}")
    told += [f"{v['id']}: {v['nodes'][0]['html'][:160]}" for v in Axe().run(page)["violations"]]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        told.append("wider than the screen")
    page.close()
    return told


def _note_foreign(url: str, office: str, told: list[str]) -> None:
    if urlsplit(url).scheme in ("http", "https") and not url.startswith(office):
        told.append(f"asked {url}")


def _cookie(world: World, person: Person) -> str:
    held = world.browser(person).get_cookie(COOKIE)
    assert held is not None
    return held.value
