"""The phone app in Chromium on a slow phone with a slow link: what it loads, how it answers, how long a checklist it bears."""

import gzip
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, sync_playwright

from backend.foundation.accounts.models import User
from backend.foundation.accounts.passwords import hash_password
from backend.plumbing.db import db, transaction
from tests.bench.ratios import Ratio
from tests.bench.serving import Served, served
from tests.bench.world_of_visits import MATTER, set_up_teams

CHROMIUM = "/usr/bin/chromium"
PASSWORD = "测量-2026-口令"
ITEMS, PHOTOS, ANSWERS = 300, 200, 60
SLOW_PHONE = 4
SLOW_DOWN, SLOW_LATENCY_MS = 1_600_000 // 8, 150
MODEL: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
    "locale": "zh-CN",
    "reduced_motion": "reduce",
}
WATCH = """
window.longTasks = [];
new PerformanceObserver(list => longTasks.push(...list.getEntries().map(e => [e.startTime, e.duration])))
  .observe({ type: "longtask", buffered: true });
"""
ANSWER_ONE = """async () => {
  const saved = document.querySelector(".saved");
  const button = document.querySelector(".answers .pass");
  const begun = performance.now();
  const done = new Promise(resolve => {
    let under = false;
    const look = () => {
      if (saved.textContent.includes("正在保存")) under = true;
      else if (under && saved.textContent.includes("已保存")) { watch.disconnect(); resolve(performance.now() - begun); }
    };
    const watch = new MutationObserver(look);
    watch.observe(saved, { childList: true, subtree: true, characterData: true });
  });
  button.click();
  const took = await done;
  await new Promise(resolve => setTimeout(resolve, 150));
  return took;
}"""
SCROLL = """async () => {
  for (let place = 0; place < document.body.scrollHeight; place += 400) {
    window.scrollTo(0, place);
    await new Promise(requestAnimationFrame);
  }
}"""


def ratios() -> Iterator[Ratio]:
    """Each promise about the phone against its own number."""
    with served("sqlite", workers=1) as server, chromium() as browser:
        visit_id = world_of_one_visit(server)
        built = server.app.config["SETTINGS"].assets_dir / "app"
        yield Ratio("the phone app's first JavaScript, gzipped", _first_script(built) / 1000, 80, 1, "kB")
        yield from _first_visit(browser, server)
        yield from _checklist(browser, server, visit_id)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        try:
            yield browser
        finally:
            browser.close()


def world_of_one_visit(server: Served) -> str:
    """One inspector with a password and one visit."""
    team = set_up_teams(server.app, [1], items=ITEMS, photo="always")[0]
    with server.app.app_context(), transaction():
        db.session.get_one(User, team.people[0].user_id).password_hash = hash_password(PASSWORD)
    return team.visit_id


def _first_script(built: Path) -> int:
    """Bytes, gzipped, of every script that the first page names."""
    page = (built / "index.html").read_text(encoding="utf-8")
    names = set(re.findall(r"/app/(assets/[^\"]+\.js)", page))
    return sum(len(gzip.compress((built / name).read_bytes(), 9)) for name in names)


def _first_visit(browser: Browser, server: Served) -> Iterator[Ratio]:
    phone = browser.new_context(**MODEL)
    page, wire = new_page(phone)
    wire.send("Network.enable")
    wire.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": SLOW_LATENCY_MS,
            "downloadThroughput": SLOW_DOWN,
            "uploadThroughput": SLOW_DOWN,
        },
    )
    _slow(wire, SLOW_PHONE)
    page.goto(f"http://127.0.0.1:{server.port}/app/")
    page.get_by_label("账号").wait_for()
    shown = page.evaluate("performance.now()")
    page.wait_for_timeout(3000)
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    busy_until = max((begun + took for begun, took in page.evaluate("longTasks")), default=0)
    yield Ratio("first paint, 1.6 Mbit/s, 150 ms, 4× CPU", painted, 1500, 1, "ms")
    yield Ratio("ready to log in, and nothing long running", max(shown, busy_until), 2500, 1, "ms")
    phone.close()


def _checklist(browser: Browser, server: Served, visit_id: str) -> Iterator[Ratio]:
    phone = browser.new_context(**MODEL)
    page, wire = new_page(phone)
    log_in(page, f"http://127.0.0.1:{server.port}/app/")
    phone.set_offline(True)
    for number in range(PHOTOS):
        open_item(page, visit_id, number)
        photograph(page, 20_000, number)
    open_item(page, visit_id, 0)
    _slow(wire, SLOW_PHONE)
    page.evaluate("longTasks.length = 0")
    page.evaluate(SCROLL)
    # A long task is told of some time after it has ended.
    page.wait_for_timeout(1000)
    scrolled = _longest(page)
    open_item(page, visit_id, PHOTOS)
    page.wait_for_timeout(1000)
    page.evaluate("longTasks.length = 0")
    took = sorted(_answer_one(page) for _ in range(ANSWERS))
    yield Ratio("an answer is committed (p95), 4× CPU", took[int(ANSWERS * 0.95)], 50, 1, "ms")
    yield Ratio(
        f"longest task of saving, {ITEMS} items, {PHOTOS} photos, 4× CPU", _longest(page), 100, 1, "ms"
    )
    yield Ratio(f"longest task of scrolling, {ITEMS} items, {PHOTOS} photos, 4× CPU", scrolled, 100, 1, "ms")
    phone.close()


def new_page(phone: BrowserContext) -> tuple[Page, CDPSession]:
    page = phone.new_page()
    page.set_default_timeout(60_000)
    page.add_init_script(WATCH)
    return page, phone.new_cdp_session(page)


def _slow(wire: CDPSession, times: int) -> None:
    wire.send("Emulation.setCPUThrottlingRate", {"rate": times})


def log_in(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("账号").fill("p0")
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_text("检查表都在本机，没信号也能查").first.wait_for()
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")


def open_item(page: Page, visit_id: str, number: int) -> None:
    page.evaluate(f"location.hash = '#/visit/{visit_id}/checklist/{MATTER}/item{number}'")
    page.locator("[aria-current=true] .s b", has_text=re.compile(rf"(^|\D){number + 1}$")).wait_for()


def photograph(page: Page, size: int, number: int) -> None:
    """A file of this size that no other one equals; what it shows does not matter here."""
    content = PICTURE + os.urandom(size - len(PICTURE))
    shots = page.locator("[aria-current=true] .shot")
    before = shots.count()
    page.locator("[aria-current=true] input[data-for=photo]").set_input_files(
        {"name": f"{number}.jpg", "mimeType": "image/jpeg", "buffer": content}
    )
    shots.nth(before).wait_for()


def _picture() -> bytes:
    drawn = BytesIO()
    Image.effect_noise((120, 90), 50).convert("RGB").save(drawn, "JPEG")
    return drawn.getvalue()


PICTURE = _picture()


def _answer_one(page: Page) -> float:
    """Milliseconds from the tap until the screen says 已保存."""
    page.locator(".answers .pass[aria-pressed=false]").wait_for()
    took: float = page.evaluate(ANSWER_ONE)
    return took


def _longest(page: Page) -> float:
    return max((took for _, took in page.evaluate("longTasks")), default=0)
