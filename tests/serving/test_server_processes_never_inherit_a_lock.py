"""The server's processes are forked from one that has begun no thread: a lock that another thread holds would stay locked in them for ever."""

import multiprocessing
import threading

import pytest

from backend.serving import server, wsgi
from backend.settings import Settings

pytestmark = pytest.mark.one_database


def test_no_thread_is_begun_before_the_processes_are(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    running: list[set[threading.Thread]] = []

    class Recording:
        def __init__(self, *_what: object, **_options: object) -> None: ...

        def start(self) -> None:
            running.append(set(threading.enumerate()))

        serve = start

        def terminate(self) -> None: ...

        def join(self, timeout: float | None = None) -> None: ...

    monkeypatch.setattr("granian.server.Server", Recording)
    monkeypatch.setattr(multiprocessing, "Process", Recording)
    monkeypatch.setattr(multiprocessing, "set_start_method", lambda *_method, **_force: None)
    monkeypatch.setattr(server, "_test_fonts_apart", lambda: None)
    monkeypatch.setattr(wsgi, "prepare", lambda _settings: None)
    monkeypatch.setattr(server, "_give_memory_back", lambda: None)
    monkeypatch.setattr(server, "_settle_the_interpreter", lambda: None)
    before = set(threading.enumerate())
    server.serve_until_stopped(settings, "127.0.0.1", 0)
    assert running == [before, before], (
        "the worker's process and the web server's begin with none of ours running"
    )
