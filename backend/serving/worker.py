"""The worker: does waiting jobs, one after the other, until it is told to stop."""

import threading

from flask import Flask

from backend.foundation.jobs.actions import work_once
from backend.plumbing.db import db

IDLE_SECONDS = 1.0


def work_until_stopped(app: Flask, stop: threading.Event) -> None:
    """Do jobs; look again every second when there is none."""
    while not stop.is_set():
        with app.app_context():
            busy = work_once()
            db.session.remove()
        if not busy:
            stop.wait(IDLE_SECONDS)
