"""The phone app as Lighthouse 12 marks it on a mid-range phone — the login, the day's list, a checklist: performance, accessibility, best practices."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from playwright.sync_api import sync_playwright

from tests.bench.bench_phone import CHROMIUM, MODEL, log_in, world_of_one_visit
from tests.bench.ratios import Ratio
from tests.bench.serving import served
from tests.bench.world_of_visits import MATTER
from tests.databases import free_port

FOLDER = Path(__file__).parent / "lighthouse"
MAY_LOSE = {"performance": 5, "accessibility": 0, "best-practices": 5}
"""Points of a hundred that each category may lose."""
RUNS = 3


def ratios() -> Iterator[Ratio]:
    """What each category loses on each page, the median of some runs."""
    with served("sqlite", workers=1) as server:
        visit_id = world_of_one_visit(server)
        app = f"http://127.0.0.1:{server.port}/app/"
        with _browser() as port:
            yield from _lost("the login", app, port)
        with _browser(logged_in_at=app) as port:
            yield from _lost("the day's list", f"{app}#/today", port)
            yield from _lost("a checklist of 300 items", f"{app}#/visit/{visit_id}/checklist/{MATTER}", port)


def _lost(page: str, address: str, port: int) -> Iterator[Ratio]:
    runs = [_marks(address, port) for _ in range(RUNS)]
    for category, most in MAY_LOSE.items():
        lost = 100 - median(run[category] for run in runs)
        yield Ratio(
            f"Lighthouse 12, mobile, {page}: lost on {category}", lost, max(most, 1), min(most, 1), "points"
        )


@contextmanager
def _browser(logged_in_at: str | None = None) -> Iterator[int]:
    """A Chromium with a profile of its own, that Lighthouse can reach at this port."""
    port = free_port()
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    flags = [f"--remote-debugging-port={port}", "--disable-quic", "--disable-background-networking", *sandbox]
    with tempfile.TemporaryDirectory(prefix="yaohao-bench-") as profile, sync_playwright() as playwright:
        phone = playwright.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=flags, **MODEL
        )
        try:
            if logged_in_at:
                page = phone.new_page()
                log_in(page, logged_in_at)
                page.close()
            yield port
        finally:
            phone.close()


def _marks(address: str, port: int) -> dict[str, float]:
    """One run of the pinned Lighthouse; marks from 0 to 100."""
    with tempfile.TemporaryDirectory(prefix="yaohao-bench-") as folder:
        report = Path(folder) / "report.json"
        command = ["node", "node_modules/lighthouse/cli/index.js", address, "--quiet", f"--port={port}"]
        # What was logged in and fetched stays: it is the page of a working day that is marked.
        chosen = [
            "--disable-storage-reset",
            "--output=json",
            f"--output-path={report}",
            f"--only-categories={','.join(MAY_LOSE)}",
        ]
        subprocess.run([*command, *chosen], cwd=FOLDER, check=True)
        told = json.loads(report.read_text(encoding="utf-8"))
    return {name: 100 * told["categories"][name]["score"] for name in MAY_LOSE}
