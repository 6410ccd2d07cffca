"""Jobs: the row is the truth; a dead worker's job is taken over, a refused one says why."""

from collections.abc import Callable

import pytest
from flask import Flask

from backend.core.errors import INVALID_INPUT, Refusal
from backend.foundation.jobs import actions, queries
from backend.foundation.jobs.actions import enqueue, work_once
from backend.foundation.jobs.models import Job
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store
from tests.conftest import FixedClock
from tests.people import OFFICER, Person

Acting = Callable[[Person], Actor]


def enqueued(actor: Actor) -> Job:
    with transaction():
        return enqueue(actor, "count", upto=3)


def test_a_job_is_done_once_by_the_person_who_asked(context: Flask, acting: Acting) -> None:
    seen: list[tuple[Actor, int]] = []
    context.extensions["jobs"] = {"count": lambda actor, job: seen.append((actor, job.args["upto"]))}
    job = enqueued(acting(OFFICER))
    assert work_once()
    assert not work_once()
    assert seen == [(acting(OFFICER), 3)]
    assert db.session.get_one(Job, job.id).state == "done"


def test_a_job_whose_worker_died_is_taken_over_when_its_lease_ends(
    context: Flask, acting: Acting, clock: FixedClock
) -> None:
    done: list[int] = []
    context.extensions["jobs"] = {"count": lambda actor, job: done.append(job.id)}
    job = enqueued(acting(OFFICER))
    with transaction():
        row = db.session.get_one(Job, job.id)
        row.state, row.leased_until = "running", clock.now() + actions.LEASE
    assert not work_once()
    clock.advance(minutes=6)
    assert work_once()
    assert done == [job.id]


def test_a_beat_that_a_power_cut_emptied_holds_no_worker_up(
    context: Flask, acting: Acting, clock: FixedClock
) -> None:
    done: list[int] = []
    context.extensions["jobs"] = {"count": lambda actor, job: done.append(job.id)}
    job = enqueued(acting(OFFICER))
    store().note(f"jobs/{job.id}.beat", b"")
    with transaction():
        row = db.session.get_one(Job, job.id)
        row.state, row.leased_until = "running", clock.now() + actions.LEASE
    clock.advance(minutes=6)
    assert queries.how_far(db.session.get_one(Job, job.id)) == (0, 0)
    assert work_once()
    assert done == [job.id]


def test_a_refused_job_fails_with_the_sentence(context: Flask, acting: Acting) -> None:
    def refuse(actor: Actor, job: Job) -> None:
        raise Refusal(INVALID_INPUT, detail="缺签名")

    context.extensions["jobs"] = {"count": refuse}
    job = enqueued(acting(OFFICER))
    work_once()
    row = db.session.get_one(Job, job.id)
    assert (row.state, row.message) == ("failed", "填写有误：缺签名。")


def test_a_broken_job_is_tried_three_times_and_then_fails(context: Flask, acting: Acting) -> None:
    def break_down(actor: Actor, job: Job) -> None:
        raise ValueError("broken")

    context.extensions["jobs"] = {"count": break_down}
    job = enqueued(acting(OFFICER))
    assert [work_once() for _ in range(4)] == [True, True, True, False]
    assert db.session.get_one(Job, job.id).state == "failed"


def test_a_job_that_kills_every_worker_fails_after_the_third(
    context: Flask, acting: Acting, clock: FixedClock
) -> None:
    class Killed(BaseException):
        """What a worker cannot catch."""

    def kill(actor: Actor, job: Job) -> None:
        raise Killed

    context.extensions["jobs"] = {"count": kill}
    job = enqueued(acting(OFFICER))
    for _ in range(actions.TRIES):
        with pytest.raises(Killed):
            work_once()
        clock.advance(minutes=6)
    assert not work_once()
    assert db.session.get_one(Job, job.id).state == "failed"


def test_a_worker_whose_lease_ran_out_does_not_end_the_job_of_the_next(
    context: Flask, acting: Acting, clock: FixedClock
) -> None:
    def too_slow(actor: Actor, job: Job) -> None:
        with transaction():
            db.session.get_one(Job, job.id).tries += 1
        raise Refusal(INVALID_INPUT, detail="缺签名")

    context.extensions["jobs"] = {"count": too_slow}
    job = enqueued(acting(OFFICER))
    work_once()
    assert db.session.get_one(Job, job.id).state == "running"


def test_a_job_is_not_enqueued_when_its_cause_fails(context: Flask, acting: Acting) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        enqueue(acting(OFFICER), "count", upto=1)
        raise ZeroDivisionError
    assert not work_once()


def test_a_job_inside_its_transaction_keeps_its_lease_as_long_as_it_is_heard_of(
    context: Flask, acting: Acting, clock: FixedClock
) -> None:
    class Killed(BaseException):
        """What a worker cannot catch."""

    def killed_while_writing(actor: Actor, job: Job) -> None:
        with transaction():
            clock.advance(minutes=4)
            actions.progress(job, 1, 2)
            assert queries.how_far(job) == (1, 2)
            raise Killed

    context.extensions["jobs"] = {"count": killed_while_writing}
    enqueued(acting(OFFICER))
    with pytest.raises(Killed):
        work_once()
    clock.advance(minutes=4)
    assert not work_once()
    clock.advance(minutes=2)
    with pytest.raises(Killed):
        work_once()


def test_what_a_job_writes_is_rolled_back_when_the_job_is_no_longer_its_own(
    context: Flask, acting: Acting
) -> None:
    def too_slow(actor: Actor, job: Job) -> None:
        with transaction():
            db.session.get_one(Job, job.id).tries += 1
        with transaction():
            enqueue(actor, "count", upto=1)
            actions.finish(job)

    context.extensions["jobs"] = {"count": too_slow}
    enqueued(acting(OFFICER))
    assert work_once()
    assert not work_once()


def test_a_job_that_ends_with_what_it_writes_is_done(context: Flask, acting: Acting) -> None:
    def write(actor: Actor, job: Job) -> None:
        with transaction():
            actions.finish(job)

    context.extensions["jobs"] = {"count": write}
    job = enqueued(acting(OFFICER))
    assert work_once()
    assert (db.session.get_one(Job, job.id).state, work_once()) == ("done", False)
