"""The running application's clock; tests hand in a fixed one."""

from datetime import date, datetime

from flask import current_app

from backend.core.clock import Clock, day_in_china


def now() -> datetime:
    """The present moment, aware, in UTC."""
    clock: Clock = current_app.extensions["clock"]
    return clock.now()


def today() -> date:
    """The present day in Asia/Shanghai."""
    return day_in_china(now())
