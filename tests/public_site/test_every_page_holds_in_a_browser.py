"""The public pages in a real browser: accessible by axe, nothing cut, nothing asked of another host; the draw computed again."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from backend.app import create_public_app
from backend.planning.draw.models import Draw
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store
from tests.inspections import PROBLEM, Field
from tests.public_site.conftest import FOLDER
from tests.screens import faults_seen

pytestmark = pytest.mark.browser

SCREENS = [
    pytest.param(width, scheme, id=f"{width}-{scheme}")
    for width in (1440, 390)
    for scheme in ("light", "dark")
]


@pytest.fixture
def site(field: Field) -> Iterator[str]:
    """The public site served for real; its address."""
    server = make_server("127.0.0.1", 0, create_public_app(field.settings), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


def opened(browser: Browser, address: str, width: int, scheme: Any = "light") -> tuple[Page, list[str]]:
    """The page, and whatever it complained of or asked of another host."""
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    faults: list[str] = []
    own = address.split("/", 3)[:3]
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda asked: None if asked.url.split("/", 3)[:3] == own else faults.append(asked.url))
    page.goto(address, wait_until="networkidle")
    return page, faults


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
def test_axe_finds_nothing_and_nothing_is_cut(
    browser: Browser, site: str, field: Field, opened_draw: str, width: int, scheme: str
) -> None:
    result = field.published({"originalRecords": PROBLEM})
    for path in (
        "/",
        "/results",
        f"/results/{result.publication_no}",
        "/results?q=没有的",
        "/draws",
        f"/draws/{opened_draw}",
        f"/draws/{opened_draw}/verify",
        "/verify",
        "/matters",
        "/plans",
        f"/objection?no={result.publication_no}",
    ):
        page, faults = opened(browser, site + path, width, scheme)
        assert faults_seen(page) == [], path
        assert faults == [], path
        page.close()


def test_on_a_phone_the_result_replaces_the_list(browser: Browser, site: str, field: Field) -> None:
    result = field.published()
    page, _ = opened(browser, f"{site}/results", 390)
    assert not page.locator("article.result").is_visible()
    page.get_by_role("link", name=result.entity_name).click()
    assert page.locator("article.result").is_visible()
    assert not page.locator(".result-list").is_visible()
    page.get_by_role("link", name="回到结果列表").click()
    assert page.locator(".result-list").is_visible()


def test_the_browser_computes_an_opened_draw_again(browser: Browser, site: str, opened_draw: str) -> None:
    page, faults = opened(browser, f"{site}/draws/{opened_draw}/verify", 1440)
    page.get_by_text("这份名录和这 2 组数字，只能抽出公布的这 11 家，检查组也只能这样配。").wait_for()
    assert page.locator(".checks [data-word]").all_text_contents() == ["一致"] * 6
    page.locator("#other-input").fill("0043")
    page.get_by_role("button", name="重算").click()
    page.get_by_text("见证人乙的数字改成 0043 后").wait_for()
    assert faults == []


def test_a_roster_changed_afterwards_is_seen(
    browser: Browser, site: str, field: Field, opened_draw: str
) -> None:
    with field.app.app_context():
        roster = store().path(f"{FOLDER}/roster.txt")
        roster.write_bytes(roster.read_bytes().replace(b"|A\n", b"|B\n", 1))
    page, _ = opened(browser, f"{site}/draws/{opened_draw}/verify", 1440)
    page.get_by_text("roster.txt 的指纹与公告不符").wait_for()
    assert "有对不上的地方" in page.locator("#verdict").inner_text()


def test_an_announced_fingerprint_changed_afterwards_is_seen(
    browser: Browser, site: str, app: Flask, opened_draw: str
) -> None:
    with app.app_context(), transaction():
        db.session.query(Draw).one().commitment = "00" * 32
    page, _ = opened(browser, f"{site}/draws/{opened_draw}/verify", 1440)
    page.get_by_text("抽取前公告的指纹与约定内容不符").wait_for()


def test_without_a_script_everything_can_be_read(browser: Browser, site: str, field: Field) -> None:
    result = field.published({"originalRecords": PROBLEM})
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/results?q={result.entity_code}")
    page.get_by_role("link", name=result.entity_name).click()
    assert page.get_by_text(PROBLEM["problem"]).first.is_visible()
    context.close()
