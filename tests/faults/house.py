"""The house under fault: a real server that is killed and restored on request, and what its record says afterwards."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
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


@dataclass
class House:
    """One installation on the embedded database, served by a process of its own."""

    folder: Path
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None
    kills: int = 0
    restores: int = 0

    def __post_init__(self) -> None:
        self.app = create_app(settings_for(self.folder))
        bring_up_to_date(self.app)

    def start(self) -> None:
        """Serve, and wait until it does."""
        command = [sys.executable, "-m", "tests.faults.bare_server", str(self.port)]
        environment = {**os.environ, "YAOHAO_DATA_DIR": str(self.folder)}
        quiet = subprocess.DEVNULL
        self.process = subprocess.Popen(
            command, env=environment, stdout=quiet, stderr=quiet, start_new_session=True
        )
        for _ in range(1200):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                    return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("the server did not come up")

    def stop(self) -> None:
        """SIGKILL to the server and all it has started."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def kill(self) -> None:
        """A power cut; what lies on the disk then is the backup of later."""
        self.stop()
        self.kills += 1
        self._copy_database(self.folder, self.folder / "backup")
        self.start()

    def restore(self) -> None:
        """Put the last backup in the database's place and begin a new epoch, as the handbook says."""
        self.stop()
        self.restores += 1
        self._copy_database(self.folder / "backup", self.folder)
        with self.app.app_context():
            forget_lost_files()
            begin_epoch()
            db.session.remove()
            db.engine.dispose()
        self.start()

    def back_up(self) -> None:
        """A backup while nothing runs."""
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()
        self._copy_database(self.folder, self.folder / "backup")

    def _copy_database(self, source: Path, target: Path) -> None:
        target.mkdir(exist_ok=True)
        for suffix in ("", "-wal", "-shm"):
            (target / f"{DATABASE}{suffix}").unlink(missing_ok=True)
        for suffix in ("", "-wal"):
            if (source / f"{DATABASE}{suffix}").exists():
                shutil.copyfile(source / f"{DATABASE}{suffix}", target / f"{DATABASE}{suffix}")


@contextmanager
def controlled(house: House) -> Iterator[str]:
    """An address at which the schedules ask for a kill or a restore."""

    class Control(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            try:
                {"/kill": house.kill, "/restore": house.restore}[self.path]()
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
