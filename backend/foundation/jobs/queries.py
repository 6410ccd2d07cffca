"""Reads of jobs."""

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.jobs import aside
from backend.foundation.jobs.models import Job
from backend.plumbing.db import db


def job_of(agency_id: int, job_id: int) -> Job:
    """One job of this agency."""
    job = db.session.get(Job, job_id)
    if job is None or job.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what=f"任务 {job_id}")
    return job


def is_under_way(job_id: int | None) -> bool:
    """Whether this job is still to be done or being done, so that a second press need not ask for another."""
    job = db.session.get(Job, job_id, populate_existing=True) if job_id is not None else None
    return job is not None and job.state in ("waiting", "running")


def how_far(job: Job) -> tuple[int, int]:
    """What a job has done of what it has to do: by its last word, wherever that was said."""
    heard = aside.last_beat(job.id) if job.state == "running" else None
    return (heard.done, heard.total) if heard is not None else (job.done, job.total)
