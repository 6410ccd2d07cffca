"""`make bench`: run every `bench_*.py` beside this file, each in a process of its own, and print one table of ratios.

A bench module has a docstring of one line and `ratios()`, which yields `Ratio` lines. `python -m tests.bench
NAME…` runs only those whose name contains one of the words, `--database postgres` measures on one database where a bench
takes both. Ends with 1 when a goal is missed or a bench fails.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from tests.bench.installations import ONLY
from tests.bench.ratios import HEADINGS, Ratio

_LINE = "ratio "


def main(arguments: Sequence[str]) -> int:
    """Run the chosen benches, or all of them."""
    if arguments[:1] == ["--one"]:
        for ratio in import_module(f"tests.bench.{arguments[1]}").ratios():
            print(_LINE + json.dumps(asdict(ratio)), flush=True)
        return 0
    if "--database" in arguments:
        at = list(arguments).index("--database")
        os.environ[ONLY] = arguments[at + 1]
        arguments = [*arguments[:at], *arguments[at + 2 :]]
    names = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    chosen = [name for name in names if not arguments or any(word in name for word in arguments)]
    found: list[Ratio] = []
    failed = []
    for name in chosen:
        print(f"{name} …", file=sys.stderr, flush=True)
        done = subprocess.run(
            [sys.executable, "-m", "tests.bench", "--one", name],
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        found.extend(_ratios_in(done.stdout))
        if done.returncode:
            failed.append(name)
    _print_table(found)
    for name in failed:
        print(f"{name} failed, see above")
    return 1 if failed or not all(ratio.met for ratio in found) else 0


def _ratios_in(told: str) -> Iterator[Ratio]:
    for line in told.splitlines():
        if line.startswith(_LINE):
            yield Ratio(**json.loads(line.removeprefix(_LINE)))


def _print_table(found: Sequence[Ratio]) -> None:
    lines = [HEADINGS, *(ratio.cells() for ratio in found)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(HEADINGS))]
    for line in lines:
        first, *others = (
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        print("  ".join([first, *others]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
