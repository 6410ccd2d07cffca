"""A locked database, or one that restarts, costs the worker a moment and never its life."""

import threading

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from backend.serving import worker


def test_a_look_for_jobs_that_failed_is_made_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    stop, looks = threading.Event(), list[str]()

    def look() -> bool:
        looks.append("look")
        if len(looks) == 1:
            raise OperationalError("UPDATE job", {}, Exception("database is locked"))
        stop.set()
        return True

    monkeypatch.setattr(worker, "work_once", look)
    monkeypatch.setattr(worker, "DAILY", ())
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0)
    worker.work_until_stopped(app, stop)
    assert len(looks) == 2
