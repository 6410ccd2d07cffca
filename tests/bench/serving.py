"""A server as in service, on a database as in service, with its processor time and memory read from outside."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask

from backend.app import create_app
from backend.serving.database import bring_up_to_date
from backend.settings import settings_for
from tests.databases import free_port, postgres_server

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass
class Served:
    """A running server: its address, its process, its database's process (None for the embedded one)."""

    app: Flask
    port: int
    pid: int
    database_pid: int | None

    def cpu_seconds(self) -> float:
        """What server and database have worked so far."""
        return sum(_tree_cpu(pid) for pid in (self.pid, self.database_pid) if pid)

    def memory_bytes(self) -> int:
        """What the server's processes hold now; pages that several of them share count once (PSS)."""
        return sum(_held(pid) for pid in _family(self.pid))


@contextmanager
def served(kind: str, workers: int = 2) -> Iterator[Served]:
    """`yaohao serve` on an empty installation; PostgreSQL with fsync on."""
    with (
        tempfile.TemporaryDirectory(prefix="yaohao-bench-") as folder,
        _database(kind) as (url, database_pid),
    ):
        app = create_app(settings_for(Path(folder), url))
        bring_up_to_date(app)
        port = free_port()
        command = [sys.executable, "-m", "backend", "serve", "--port", str(port), "--workers", str(workers)]
        settings = {"YAOHAO_DATA_DIR": folder, **({"YAOHAO_DATABASE_URL": url} if url else {})}
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        process = subprocess.Popen(command, env={**os.environ, **settings}, **quiet)  # type: ignore[call-overload]
        try:
            _wait_until_up(port)
            yield Served(app, port, process.pid, database_pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


@contextmanager
def _database(kind: str) -> Iterator[tuple[str | None, int | None]]:
    if kind == "sqlite":
        yield None, None
        return
    with postgres_server(durable=True) as server:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE world")
            postmaster = _parents()[connection.info.backend_pid]
        yield f"{server}/world", postmaster


def _wait_until_up(port: int) -> None:
    for _ in range(1500):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError("the server did not come up")


def _stat(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _parents() -> dict[int, int]:
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]
    return {pid: int(stat[1]) for pid in pids if (stat := _stat(pid))}


def _family(pid: int) -> set[int]:
    parents, family, grown = _parents(), {pid}, True
    while grown:
        more = {child for child, parent in parents.items() if parent in family} - family
        family, grown = family | more, bool(more)
    return family


def _tree_cpu(pid: int) -> float:
    """Of the process and its living descendants, and of those that have ended and were waited for."""
    ticks = 0
    for one in _family(pid):
        stat = _stat(one)
        ticks += sum(map(int, stat[11:15])) if stat else 0
    return ticks / TICKS


def _held(pid: int) -> int:
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    lines = dict(line.split(":", 1) for line in told.splitlines()[1:])
    return int(lines["Pss"].split()[0]) << 10
