"""The web server of one machine: Granian's threads over the joined application, and the worker in a process beside them.

The first process loads the whole program and forks the others from itself, so that its pages are held once however
many processes there are. It starts no thread of ours before: a lock held by another thread would stay locked in a
forked process for ever.
"""

import ctypes
import gc
import logging
import multiprocessing
import os
import signal
import sys
import threading
from functools import partial
from multiprocessing.connection import Connection

from flask import Flask

from backend.core.errors import Refusal
from backend.plumbing.pdf_fonts import self_test
from backend.serving import wsgi
from backend.serving.standing import StandingProcess
from backend.serving.worker import work_until_stopped
from backend.settings import Settings

BLOCKING_THREADS = 64
COLLECT_AFTER = 20_000
SWITCH_SECONDS = 0.0005
_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3
"""glibc's malloc.h."""
_GRANIANS_HEAPS = ("_RJEM_MALLOC_CONF", "narenas:2,dirty_decay_ms:0,muzzy_decay_ms:0")
"""Granian brings an allocator of its own (jemalloc), which reads this once, when it is loaded."""
LOOK_FOR_PARENT_SECONDS = 2.0


def serve_until_stopped(settings: Settings, host: str, port: int, workers: int = 1) -> None:
    """Serve until the process is asked to end; jobs are done meanwhile. Refuses to start without the PDF's fonts."""
    _give_memory_back()
    # Only now, for it reads how it is to keep memory while it is loaded.
    from granian.constants import Interfaces
    from granian.server import Server

    multiprocessing.set_start_method("fork", force=True)
    _test_fonts_apart()
    office = wsgi.prepare(settings)
    _settle_the_interpreter()
    worker = StandingProcess(partial(_work, office))
    logging.getLogger("_granian").addFilter(_is_news)
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
        worker.end()


def _is_news(told: logging.LogRecord) -> bool:
    """All that Granian tells but its doubt about our number of threads, which wait for the database most of the time."""
    return f"up to {BLOCKING_THREADS} Python threads" not in told.getMessage()


def _settle_the_interpreter() -> None:
    """Before processes are forked, which all keep to it."""
    # What is loaded by now is left alone by the collector, or each process would soon hold a copy of its own.
    gc.collect()
    gc.freeze()
    # A single push makes thousands of objects, all of which go by themselves: not to be looked through a dozen times.
    gc.set_threshold(COLLECT_AFTER, 20, 20)
    # Whoever holds an agency's turn comes back from each word with the database to a thread that is busy: not for long.
    sys.setswitchinterval(SWITCH_SECONDS)


def _give_memory_back() -> None:
    """Tell both allocators to keep two heaps instead of one for nearly each thread, and to return a photo's memory at once."""
    os.environ.setdefault(*_GRANIANS_HEAPS)
    if sys.platform == "linux" and hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_M_ARENA_MAX, 2)
        libc.mallopt(_M_MMAP_THRESHOLD, 128 << 10)


def _test_fonts_apart() -> None:
    """In a process of its own: what the typesetter loads for the test would stay in each of the others."""
    hearing, telling = multiprocessing.Pipe(duplex=False)
    test = multiprocessing.Process(target=_test_fonts, args=(telling,))
    test.start()
    telling.close()
    refused = hearing.recv()
    test.join()
    if refused is not None:
        problem, facts = refused
        raise Refusal(problem, **facts)


def _test_fonts(telling: Connection) -> None:
    try:
        self_test()
    except Refusal as refusal:
        telling.send((refusal.problem, refusal.facts))
    else:
        telling.send(None)


def _work(office: Flask, parent: int) -> None:
    """The worker's own process: it ends when asked to, and when the server that began it is gone."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    watch = threading.Thread(target=_stop_when_orphaned, args=(stop, parent), daemon=True)
    watch.start()
    work_until_stopped(office, stop)


def _stop_when_orphaned(stop: threading.Event, parent: int) -> None:
    while os.getppid() == parent and not stop.wait(LOOK_FOR_PARENT_SECONDS):
        pass
    stop.set()
