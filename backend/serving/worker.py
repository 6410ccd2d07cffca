"""The worker: does waiting jobs, one after the other, until it is told to stop."""

import threading
from datetime import date

import structlog
from flask import Flask

from backend.foundation.jobs.actions import work_once
from backend.plumbing.clock import today
from backend.plumbing.db import db
from backend.reactions import DAILY

IDLE_SECONDS = 1.0
log = structlog.get_logger()


def work_until_stopped(app: Flask, stop: threading.Event) -> None:
    """Do jobs; look again every second when there is none. What is due daily comes first on each new day.

    A database that is locked or away for a moment ends nothing: nobody else would do the jobs until a restart.
    """
    last_day: date | None = None
    while not stop.is_set():
        busy = False
        try:
            with app.app_context():
                if last_day != today():
                    last_day = today()
                    do_what_is_due_daily()
                busy = work_once()
                db.session.remove()
        except Exception:
            log.exception("worker in trouble")
        if not busy:
            stop.wait(IDLE_SECONDS)


def do_what_is_due_daily() -> None:
    """Each daily duty by itself: one that fails is told of and tried again tomorrow, the others are done."""
    for duty in DAILY:
        try:
            duty()
        except Exception:
            log.exception("daily duty failed", duty=duty.__name__)
