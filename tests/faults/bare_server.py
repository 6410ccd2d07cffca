"""The house's web server and nothing beside it: the same application on the same server, that dies where a request asks it to.

A parent that has read all the code forks a server for each line it is told, so that it is up again at once after a kill.
"""

import os
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from granian.constants import Interfaces
from granian.server import Server

from backend.app import joined
from backend.settings import settings_from_environment

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]
_fsync: Callable[..., None] = os.fsync
LOG = "server.log"
"""What the servers said, beside the database; a defect stands there with its traceback."""


def build() -> Wsgi:
    """The application, mortal."""
    settings = replace(
        settings_from_environment(), assets_dir=Path(os.environ["YAOHAO_BUILT_FILES_UNDER_FAULT"])
    )
    served = joined(settings)

    def mortal(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        moment = environ.get("HTTP_X_DIE")
        os.fsync = _die if moment == "a piece half on the disk" else _fsync
        answer: Iterable[bytes] = served(environ, start_response)
        if moment == "between commit and reply":
            _die()
        os.fsync = _fsync
        return answer

    return mortal


def _die(*_arguments: object) -> NoReturn:
    os.killpg(0, signal.SIGKILL)
    raise SystemExit


def _serve(port: int) -> NoReturn:
    os.setpgid(0, 0)
    log = os.open(settings_from_environment().data_dir / LOG, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, sys.stdout.fileno())
    os.dup2(log, sys.stderr.fileno())
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    Server(
        "tests.faults.bare_server:build",
        factory=True,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        blocking_threads=16,
        websockets=False,
        log_enabled=False,
    ).serve()
    raise SystemExit


if __name__ == "__main__":
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    process = 0
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            sys.stdin.close()
            _serve(int(line))
        # By whichever of the two comes first, so that a kill finds the group from the moment its number is told.
        with suppress(ProcessLookupError):
            os.setpgid(process, process)
        print(process, flush=True)
    # The house is gone, perhaps without a word: no server outlives it.
    if process:
        with suppress(ProcessLookupError):
            os.killpg(process, signal.SIGKILL)
