"""The phone app's uploads over a narrow link: how much of it they fill, and what a killed app sends again."""

import time
from collections.abc import Iterator

from playwright.sync_api import Browser, Page

from tests.bench.bench_phone import (
    MODEL,
    chromium,
    log_in,
    new_page,
    open_item,
    photograph,
    world_of_one_visit,
)
from tests.bench.ratios import Ratio
from tests.bench.serving import served
from tests.bench.slow_link import SlowLink, slow_link

UPLINK, ONE_WAY = 10_000_000 // 8, 0.025
PHOTO, KILLS = 400 << 10, 5
PATIENCE = 60


def ratios() -> Iterator[Ratio]:
    """What the link could do against what was done with it."""
    with served("sqlite", workers=1) as server, chromium() as browser:
        yield from _uploads(browser, server.port, world_of_one_visit(server))


def _uploads(browser: Browser, port: int, visit_id: str) -> Iterator[Ratio]:
    with slow_link(port, UPLINK, ONE_WAY) as link:
        whole = 30 * PHOTO
        took, _ = _upload(browser, link, visit_id, 30, kills=0)
        yield Ratio("12 MB of photos against a full 10 Mbit/s", took, whole / UPLINK, 1 / 0.85)
        whole = 60 * PHOTO
        _, sent = _upload(browser, link, visit_id, 60, kills=KILLS)
        yield Ratio(
            "bytes sent for 24 MB of photos, the app killed 5 times", sent / 1e6, whole / 1e6, 1.05, "MB"
        )


def _upload(browser: Browser, link: SlowLink, visit_id: str, count: int, kills: int) -> tuple[float, int]:
    """Seconds from the first signal to the last receipt, and the bytes that went up."""
    phone = browser.new_context(**MODEL)
    page, _ = new_page(phone)
    address = f"http://127.0.0.1:{link.port}/app/"
    log_in(page, address)
    phone.set_offline(True)
    open_item(page, visit_id, 0)
    for number in range(count):
        photograph(page, PHOTO, number)
    before, begun = link.sent_up, time.perf_counter()
    phone.set_offline(False)
    for kill in range(kills):
        _wait_until_sent(page, link, before + (kill + 1) * count * PHOTO // (kills + 1))
        page.close(run_before_unload=False)
        page, _ = new_page(phone)
        page.goto(address)
    page.evaluate("location.hash = '#/sync'")
    page.get_by_text("这部手机上的都已交到服务器，收据都在。").first.wait_for(timeout=240_000)
    took = time.perf_counter() - begun
    phone.close()
    return took, link.sent_up - before


def _wait_until_sent(page: Page, link: SlowLink, sent: int) -> None:
    patience = time.monotonic() + PATIENCE
    while link.sent_up < sent:
        if time.monotonic() > patience:
            raise TimeoutError(f"only {link.sent_up:,} of {sent:,} bytes were sent in {PATIENCE} s")
        page.wait_for_timeout(50)
