"""A live server on loopback and a real Chromium before it."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from backend.app import create_app, create_public_app, joined
from backend.core.clock import SHANGHAI
from backend.demonstration.preparation import prepare
from backend.foundation.accounts.actions import add_person, found_agency
from backend.foundation.accounts.passwords import hash_password
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.settings import Settings
from tests.conftest import FixedClock
from tests.databases import empty_database
from tests.journeys.world import World
from tests.people import DEPARTMENTS, OTHER_AGENCY, OUTSIDER, PASSWORD


@pytest.fixture(scope="session")
def world(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The demonstration as `yaohao demo` prepares it, on the database under test."""
    clock = FixedClock(datetime(2026, 11, 18, 10, 0, tzinfo=SHANGHAI))
    with empty_database(request.config.getoption("--database")) as address:
        settings = prepare(tmp_path_factory.mktemp("world") / "demo", clock.now(), lambda line: None, address)
        settings = replace(settings, clock=clock)
        world = World(create_app(settings), create_public_app(settings))
        _add_the_outsider(world)
        yield world


@pytest.fixture
def live_address(settings: Settings) -> Iterator[str]:
    """The joined application, served for real; its address without a path."""
    server = make_server("127.0.0.1", 0, joined(settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser profile of its own; `context` is the application's in these tests, not the browser's."""
    profile = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    yield profile.new_page()
    profile.close()


@pytest.fixture
def tidy(page: Page, live_address: str) -> Iterator[Page]:
    """A page that must stay without console errors and must not ask any other host."""
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((live_address, "data:", "blob:")) else faults.append(request.url)
        ),
    )
    yield page
    assert faults == []


def _add_the_outsider(world: World) -> None:
    with world.app.app_context():
        agency = found_agency("样例县商务局", OTHER_AGENCY, "0456", "样商", DEPARTMENTS[OTHER_AGENCY])
        founder = Actor(0, agency.id, None, "命令行", frozenset({Role.ADMIN}))
        add_person(founder, OUTSIDER.login, OUTSIDER.name, hash_password(PASSWORD), OUTSIDER.roles)
