"""A live server on loopback and a real Chromium before it."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from backend.app import joined
from backend.settings import Settings

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {
        "executable_path": CHROMIUM,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


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
