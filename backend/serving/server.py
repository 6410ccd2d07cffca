"""The web server of one machine: Granian's threads over the joined application, and a worker thread beside it."""

import multiprocessing
import threading

from granian.constants import Interfaces
from granian.server import Server

from backend.app import create_app
from backend.plumbing.pdf_fonts import self_test
from backend.serving.worker import work_until_stopped
from backend.settings import Settings

BLOCKING_THREADS = 64


def serve_until_stopped(settings: Settings, host: str, port: int, workers: int = 1) -> None:
    """Serve until the process is asked to end; jobs are done meanwhile. Refuses to start without the PDF's fonts."""
    self_test()
    # Forked, a server process would inherit whatever lock the worker's thread holds at that moment, and hang on it for ever.
    multiprocessing.set_start_method("spawn", force=True)
    stop = threading.Event()
    worker = threading.Thread(target=work_until_stopped, args=(create_app(settings), stop), daemon=True)
    worker.start()
    server = Server(
        "backend.serving.wsgi:build",
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=BLOCKING_THREADS,
        respawn_failed_workers=True,
        websockets=False,
    )
    try:
        server.serve()
    finally:
        stop.set()
        worker.join(timeout=10)
