"""The phone app's first page as Lighthouse 12 marks it on a mid-range phone: performance, accessibility, best practices."""

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.bench.bench_phone import CHROMIUM
from tests.bench.ratios import Ratio
from tests.bench.serving import served

FOLDER = Path(__file__).parent / "lighthouse"
MAY_LOSE = {"performance": 5, "accessibility": 0, "best-practices": 5}
"""Points of a hundred that each category may lose."""
RUNS = 3


def ratios() -> Iterator[Ratio]:
    """What each category loses, the median of some runs."""
    with served("sqlite", workers=1) as server:
        runs = [_marks(f"http://127.0.0.1:{server.port}/app/") for _ in range(RUNS)]
    for category, most in MAY_LOSE.items():
        lost = 100 - median(run[category] for run in runs)
        yield Ratio(f"Lighthouse 12, mobile: lost on {category}", lost, max(most, 1), min(most, 1), "points")


def _marks(address: str) -> dict[str, float]:
    """One run of the pinned Lighthouse; marks from 0 to 100."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    flags = " ".join(["--headless=new", "--disable-quic", "--disable-background-networking", *sandbox])
    with tempfile.TemporaryDirectory(prefix="yaohao-bench-") as folder:
        report = Path(folder) / "report.json"
        command = [
            "node",
            "node_modules/lighthouse/cli/index.js",
            address,
            "--quiet",
            f"--chrome-flags={flags}",
        ]
        chosen = ["--output=json", f"--output-path={report}", f"--only-categories={','.join(MAY_LOSE)}"]
        environment = {**os.environ, "CHROME_PATH": CHROMIUM}
        subprocess.run([*command, *chosen], cwd=FOLDER, env=environment, check=True)
        told = json.loads(report.read_text(encoding="utf-8"))
    return {name: 100 * told["categories"][name]["score"] for name in MAY_LOSE}
