"""Enqueue, lease, do and end a job."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import structlog
from flask import current_app
from sqlalchemy import or_, select

from backend.core.errors import Refusal
from backend.foundation.jobs import aside
from backend.foundation.jobs.models import Job
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.plumbing.clock import now
from backend.plumbing.db import db, in_transaction, transaction

Handler = Callable[[Actor, Job], None]

LEASE = timedelta(minutes=5)
TRIES = 3
NOT_DONE = "没有完成，内容没有改动"
_turn: ContextVar[int] = ContextVar("turn")
"""Which try of its job this worker does: when the row says another, the lease has run out."""

log = structlog.get_logger()


class Cancelled(Exception):
    """A person stopped the job, or its lease ran out and another worker has it."""


def enqueue(actor: Actor, kind: str, **args: Any) -> Job:
    """Add a job of `kind` for the actor's agency, inside the caller's transaction."""
    if not in_transaction():
        raise RuntimeError("a job belongs to the transaction of its cause")
    stored_actor = {**asdict(actor), "roles": sorted(actor.roles)}
    job = Job(
        agency_id=actor.agency_id,
        kind=kind,
        args=args,
        actor=stored_actor,
        state="waiting",
        created_at=now(),
        message="",
    )
    db.session.add(job)
    db.session.flush()
    return job


def work_once() -> bool:
    """Lease and do the oldest waiting job; return whether there was one."""
    job = _lease()
    if job is None:
        return False
    job_id, turn = job.id, job.tries
    _turn.set(turn)
    handlers: Mapping[str, Handler] = current_app.extensions["jobs"]
    try:
        handlers[job.kind](_actor_of(job), job)
    except Cancelled:
        log.info("job stopped", job=job_id)
    except Refusal as refusal:
        _end(job_id, turn, "failed", refusal.sentence_zh)
    except Exception:
        log.exception("job failed", job=job_id)
        _end(job_id, turn, "waiting" if turn < TRIES else "failed", NOT_DONE)
    else:
        _end(job_id, turn, "done", "")
    aside.forget(job_id)
    return True


def progress(job: Job, done: int, total: int) -> None:
    """Say how far a running job has come, and keep its lease alive. Raises `Cancelled` when it is to stop.

    Inside the job's own transaction both go beside the database (`aside`).
    """
    job_id = job.id
    if in_transaction():
        if aside.is_asked_to_stop(job_id):
            raise Cancelled
        aside.beat(job_id, _turn.get(), done, total)
        return
    with transaction():
        row = db.session.get_one(Job, job_id, with_for_update=True, populate_existing=True)
        if row.state != "running" or row.tries != _turn.get():
            raise Cancelled
        row.done, row.total, row.leased_until = done, total, now() + LEASE


def finish(job: Job) -> None:
    """End a job together with what it has written, inside its transaction. Raises `Cancelled` when it is no longer ours."""
    row = db.session.get_one(Job, job.id, with_for_update=True, populate_existing=True)
    if row.state != "running" or row.tries != _turn.get():
        raise Cancelled
    row.state, row.leased_until, row.ended_at = "done", None, now()


@contextmanager
def asked_to_stop(job_id: int | None) -> Iterator[None]:
    """Let a job that is inside its transaction give up, so that the caller's own transaction need not wait for its end."""
    if job_id is None:
        yield
        return
    aside.ask_to_stop(job_id)
    try:
        yield
    finally:
        aside.forget(job_id)


def cancel(actor: Actor, job_id: int) -> None:
    """Stop a job of the actor's agency at its next step, inside the caller's transaction; an ended one stays as it is."""
    job = db.session.get_one(Job, job_id, with_for_update=True, populate_existing=True)
    if job.agency_id == actor.agency_id and job.state in ("waiting", "running"):
        job.state, job.leased_until, job.ended_at = "cancelled", None, now()


def _lease() -> Job | None:
    with transaction():
        run_out = (Job.state == "running") & (Job.leased_until < now())
        alive = [number for number in db.session.scalars(select(Job.id).where(run_out)) if _is_alive(number)]
        free = or_(Job.state == "waiting", run_out & Job.id.not_in(alive))
        query = select(Job).where(free).order_by(Job.id).limit(1).with_for_update(skip_locked=True)
        while (job := db.session.scalar(query)) is not None and job.tries >= TRIES:
            job.state, job.message, job.leased_until, job.ended_at = "failed", NOT_DONE, None, now()
            db.session.flush()
        if job is not None:
            job.state, job.tries, job.leased_until = "running", job.tries + 1, now() + LEASE
        return job


def _is_alive(job_id: int) -> bool:
    """Whether a job whose lease has run out has been heard of beside the database since."""
    heard = aside.last_beat(job_id)
    return heard is not None and heard.at + LEASE >= now()


def _end(job_id: int, turn: int, state: str, message: str) -> None:
    """Write what became of the job, unless the lease ran out meanwhile and the job is another worker's now."""
    with transaction():
        job = db.session.get_one(Job, job_id, with_for_update=True, populate_existing=True)
        if job.tries != turn or job.state != "running":
            return
        job.state, job.message, job.leased_until = state, message, None
        job.ended_at = None if state == "waiting" else now()


def _actor_of(job: Job) -> Actor:
    stored = job.actor
    roles = frozenset(Role(role) for role in stored["roles"])
    return Actor(stored["user_id"], stored["agency_id"], stored["department_id"], stored["name"], roles)
