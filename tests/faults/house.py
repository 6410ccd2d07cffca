"""The house under fault: a real server that is killed and restored on request, and what its record says afterwards."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from backend.app import create_app
from backend.fieldwork.evidence.uploads import forget_lost_files
from backend.fieldwork.sync.epochs import begin_epoch
from backend.plumbing.db import db
from backend.serving.database import bring_up_to_date
from backend.settings import settings_for
from tests.databases import free_port

DATABASE = "yaohao.sqlite3"
BUILT = "YAOHAO_BUILT_FILES_UNDER_FAULT"


@dataclass
class House:
    """One installation on the embedded database, served by a process of its own."""

    folder: Path
    built: Path | None = None
    """Built files of its own, which a test may replace by a next version."""
    port: int = field(default_factory=free_port)
    kills: int = 0
    restores: int = 0
    _server: int = 0
    _backed_up_at: float = 0.0
    _backed_up_files: frozenset[Path] = frozenset()

    def __post_init__(self) -> None:
        self.app = create_app(settings_for(self.folder))
        bring_up_to_date(self.app)
        command = [sys.executable, "-m", "tests.faults.bare_server"]
        built = str(self.built or settings_for(self.folder).assets_dir)
        environment = {**os.environ, "YAOHAO_DATA_DIR": str(self.folder), BUILT: built}
        self._parent = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Serve, and wait until it does."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(f"{self.port}\n".encode())
        self._parent.stdin.flush()
        self._server = int(self._parent.stdout.readline())
        for _ in range(3000):
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("the server did not come up")

    def stop(self) -> None:
        """SIGKILL to the server and all it has started."""
        if self._server:
            with suppress(ProcessLookupError):
                os.killpg(self._server, signal.SIGKILL)
            self._server = 0
        # The port is free when the last of them is gone; as a zombie one may still be listed for a while.
        for _ in range(12_000):
            if not self._answers():
                return
            time.sleep(0.005)
        raise RuntimeError("something goes on answering in the server's place")

    def _answers(self) -> bool:
        with socket.socket() as door:
            return door.connect_ex(("127.0.0.1", self.port)) == 0

    def close(self) -> None:
        """Stop, and end what starts servers."""
        self.stop()
        self._parent.kill()
        self._parent.communicate()
        self._close_connections()

    def kill(self) -> None:
        """A power cut; what lies on the disk then is the backup of later."""
        self.stop()
        self.kills += 1
        self._copy_database(self.folder, self.folder / "backup")
        self.start()

    def back_up_while_serving(self) -> None:
        """A backup of what is committed by now, taken beside the work."""
        folder = self.folder / "backup"
        self._clear(folder)
        with (
            closing(sqlite3.connect(self.folder / DATABASE)) as live,
            closing(sqlite3.connect(folder / DATABASE)) as copy,
        ):
            live.backup(copy)
        self._note_files()

    def restore(self) -> None:
        """Put the last backup in the database's place, files included, and begin a new epoch, as the handbook says."""
        self.stop()
        self.restores += 1
        # A connection kept open would go on writing to the file that is replaced.
        self._close_connections()
        self._copy_database(self.folder / "backup", self.folder)
        self._lose_newer_files()
        with self.app.app_context():
            forget_lost_files()
            begin_epoch()
        self._close_connections()
        self.start()

    def back_up(self) -> None:
        """A backup while nothing runs."""
        self._close_connections()
        self._copy_database(self.folder, self.folder / "backup")

    def _close_connections(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()

    def _lose_newer_files(self) -> None:
        for file in self._files("evidence"):
            # By name, for the bytes of a file that arrived twice are the same.
            if file not in self._backed_up_files:
                file.unlink()
        for file in self._files("uploads"):
            if file.stat().st_mtime > self._backed_up_at:
                file.unlink()

    def _note_files(self) -> None:
        self._backed_up_at = time.time()
        self._backed_up_files = frozenset(self._files("evidence"))

    def _files(self, folder: str) -> list[Path]:
        return [file for file in (self.app.extensions["store"].root / folder).rglob("*") if file.is_file()]

    def _copy_database(self, source: Path, target: Path) -> None:
        target.mkdir(exist_ok=True)
        if target != self.folder:
            self._note_files()
        self._clear(target)
        for suffix in ("", "-wal"):
            if (source / f"{DATABASE}{suffix}").exists():
                shutil.copyfile(source / f"{DATABASE}{suffix}", target / f"{DATABASE}{suffix}")

    def _clear(self, folder: Path) -> None:
        for suffix in ("", "-wal", "-shm"):
            (folder / f"{DATABASE}{suffix}").unlink(missing_ok=True)


@contextmanager
def controlled(house: House) -> Iterator[str]:
    """An address at which the schedules ask for a kill or a restore."""

    one_at_a_time = threading.Lock()

    class Control(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            try:
                asked_for = {
                    "/kill": house.kill,
                    "/restore": house.restore,
                    "/back-up": house.back_up_while_serving,
                }
                # One after the other, also where somebody gave up waiting for the answer to the one before.
                with one_at_a_time:
                    asked_for[self.path]()
                self.send_response(204)
            except Exception as fault:
                self.send_response(500, str(fault))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments: Any) -> None:
            return

    control = ThreadingHTTPServer(("127.0.0.1", 0), Control)
    thread = threading.Thread(target=control.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{control.server_address[1]}"
    finally:
        control.shutdown()
        thread.join()
        control.server_close()


def write_world(path: Path, world: dict[str, Any]) -> None:
    """Tell the schedules what there is."""
    path.write_text(json.dumps(world), "utf-8")
