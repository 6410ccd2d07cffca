"""The web server stands beside the worker's thread: its processes are begun afresh, never forked off with that thread's locks."""

import multiprocessing

import pytest

from backend.serving import server
from backend.settings import Settings

pytestmark = pytest.mark.one_database


def test_server_processes_are_spawned(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    begun_by: list[str] = []

    class Recording:
        def __init__(self, *_target: object, **_options: object) -> None: ...

        def serve(self) -> None:
            begun_by.append(multiprocessing.get_start_method())

    monkeypatch.setattr(server, "Server", Recording)
    monkeypatch.setattr(server, "work_until_stopped", lambda _app, stop: stop.wait())
    before = multiprocessing.get_start_method()
    try:
        server.serve_until_stopped(settings, "127.0.0.1", 0)
    finally:
        multiprocessing.set_start_method(before, force=True)
    assert begun_by == ["spawn"]
