"""Reads of jobs."""

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.jobs.models import Job
from backend.plumbing.db import db


def job_of(agency_id: int, job_id: int) -> Job:
    """One job of this agency."""
    job = db.session.get(Job, job_id)
    if job is None or job.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what=f"任务 {job_id}")
    return job
