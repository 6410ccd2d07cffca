"""What a job says and hears while its own transaction is open, beside the database, where nothing of it could be seen.

Rows that are written all or nothing are written in one transaction, and on the embedded database nobody else writes
meanwhile. So the beat of such a job (its try, how far it is, when) and the word to stop lie as two small files in the
store, until the job has ended.
"""

import time
from dataclasses import dataclass
from datetime import datetime

import orjson

from backend.plumbing.clock import now
from backend.plumbing.files import store

_SECONDS_BETWEEN_BEATS = 0.5
_last_beat: dict[int, float] = {}


@dataclass(frozen=True)
class Beat:
    """How far a job was at a moment."""

    turn: int
    done: int
    total: int
    at: datetime


def beat(job_id: int, turn: int, done: int, total: int) -> None:
    """Say that the job is alive and how far it is; at most twice a second."""
    moment = time.monotonic()
    if done < total and moment - _last_beat.get(job_id, -1.0) < _SECONDS_BETWEEN_BEATS:
        return
    _last_beat[job_id] = moment
    told = {"turn": turn, "done": done, "total": total, "at": now().isoformat()}
    store().note(_beat_of(job_id), orjson.dumps(told))


def last_beat(job_id: int) -> Beat | None:
    """The last that was heard of a job inside its transaction; None where it has said nothing or has ended.

    A machine that lost its power may leave the file empty: nothing was heard then.
    """
    try:
        told = orjson.loads(store().read(_beat_of(job_id)))
    except (FileNotFoundError, orjson.JSONDecodeError):
        return None
    return Beat(told["turn"], told["done"], told["total"], datetime.fromisoformat(told["at"]))


def ask_to_stop(job_id: int) -> None:
    """Ask a job to give up what its transaction has written so far."""
    store().note(_stop_of(job_id), b"")


def is_asked_to_stop(job_id: int) -> bool:
    """Whether a person wants it to give up."""
    return store().exists(_stop_of(job_id))


def forget(job_id: int) -> None:
    """Take both away: the job has ended."""
    _last_beat.pop(job_id, None)
    store().delete(_beat_of(job_id))
    store().delete(_stop_of(job_id))


def _beat_of(job_id: int) -> str:
    return f"jobs/{job_id}.beat"


def _stop_of(job_id: int) -> str:
    return f"jobs/{job_id}.stop"
