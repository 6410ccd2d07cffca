"""Random days in a real Chromium, with its own IndexedDB and service worker, behind a line that fails and a server that is killed."""

import secrets
import shutil
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from backend.settings import Settings
from tests.bench.world_of_visits import set_up_teams
from tests.faults.browser_schedules import run_browser_schedule
from tests.faults.house import House

pytestmark = [pytest.mark.browser, pytest.mark.one_database]

MUST_HAPPEN = {
    "request lost",
    "answer lost",
    "sent twice",
    "arrived again later, out of order",
    "delayed",
    "server killed: between commit and reply",
    "server killed: a piece half on the disk",
    "server restored from a backup",
    "page killed while answering",
    "page killed without signal",
    "app updated under an open page",
}


@pytest.mark.parametrize("count", [12, pytest.param(60, marks=pytest.mark.fault)])
def test_what_the_screen_called_saved_is_on_the_server_once(
    tmp_path: Path, settings: Settings, browser: Browser, capsys: pytest.CaptureFixture[str], count: int
) -> None:
    seed = secrets.randbelow(1_000_000)
    with capsys.disabled():
        print(f"\nbrowser seeds {seed} to {seed + count - 1}")
    built, happened = tmp_path / "built", Counter[str]()
    shutil.copytree(settings.assets_dir, built)
    house = House(tmp_path / "house", built=built)
    try:
        teams = set_up_teams(house.app, [2] * count)
        house.back_up()
        house.start()
        faults = [
            fault
            for n, team in enumerate(teams)
            for fault in run_browser_schedule(browser, house, built, team, seed + n, happened)
        ]
    finally:
        house.close()
    with capsys.disabled():
        print("\n".join(f"{times:6}  {what}" for what, times in sorted(happened.items())))
    assert faults == []
    assert happened.keys() >= MUST_HAPPEN
