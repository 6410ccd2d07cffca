"""A newer app waits until the person takes it, and is not even offered in the middle of a visit."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from backend.settings import Settings
from tests.fieldwork import conftest as fieldwork
from tests.journeys.handset import PATIENCE, Handset
from tests.people import LEADER

matter = fieldwork.matter
task = fieldwork.task
dispatch = fieldwork.dispatch

pytestmark = pytest.mark.browser


LOOKS_FOR_UPDATES = """async () => {
  const found = await navigator.serviceWorker.getRegistration();
  await found.update().catch(() => null);
  return found.waiting !== null;
}"""
"""What the browser does by itself every so often; a check that meets another one is tried again."""


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """The application with built files of its own, which a test may replace."""
    own = tmp_path / "built"
    shutil.copytree(settings.assets_dir, own)
    return replace(settings, assets_dir=own)


def test_an_update_waits_for_a_press(
    context: Flask, settings: Settings, dispatch: Callable[..., str], live_address: str, browser: Browser
) -> None:
    visit_id = dispatch()
    phone = Handset(browser, live_address)
    phone.log_in(LEADER)
    phone.is_killed()
    phone.goes_to(f"visit/{visit_id}")
    phone.page.evaluate("window.sameLife = true")

    with (settings.assets_dir / "app" / "sw.js").open("a") as worker:
        worker.write("// the next version\n")
    phone.page.wait_for_function(LOOKS_FOR_UPDATES)
    expect(phone.page.get_by_text("有新版本")).to_have_count(0)
    assert phone.page.evaluate("window.sameLife") is True

    phone.follows("返回")
    phone.follows("我的")
    phone.sees("有新版本")
    with phone.page.expect_navigation():
        phone.presses("现在更新")
    phone.sees("退出并锁上")
    expect(phone.page.get_by_text("有新版本")).to_have_count(0, timeout=PATIENCE)
    assert phone.faults == []
