"""The directory as a spreadsheet: a small one at once, a large one by the worker, whose file waits a day to be fetched."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from itertools import islice
from tempfile import TemporaryFile
from typing import Any

from sqlalchemy import select

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.accounts.queries import departments_of
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.jobs.actions import enqueue, progress
from backend.foundation.jobs.models import Job
from backend.foundation.jobs.queries import job_of
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store
from backend.plumbing.spreadsheets import NewSheet, write_xlsx, write_xlsx_to
from backend.registers.entities.columns import cell_text, columns
from backend.registers.entities.queries import (
    ENTITIES_AT_ONCE,
    Filters,
    count_entities,
    dated_flags,
    every_entity,
)

EXPORT_JOB = "entities.export"
WRITTEN_AT_ONCE = 5_000
"""Entities of an export that is written while the person waits."""
KEPT = timedelta(days=1)
_UNDER_WAY = ("waiting", "running")


def export_entities(actor: Actor, filters: Filters) -> bytes | Job:
    """An .xlsx of what the filters leave, in the columns of the import, or the job that writes it when there are many.

    Who took how much away is on the trail. Asking again while the job is at work gives the same job.
    """
    require(actor, Capability.KEEP_ENTITIES)
    with transaction():
        hold_chain(actor.agency_id)
        counted = count_entities(actor.agency_id, filters)
        asked = {"filters": asdict(filters)}
        if counted > WRITTEN_AT_ONCE and (at_work := _at_work(actor, asked)) is not None:
            return at_work
        record(actor, "entities.export", "agency", actor.agency_id, after={"entities": counted})
        if counted > WRITTEN_AT_ONCE:
            return enqueue(actor, EXPORT_JOB, **asked)
    return write_xlsx([_sheet(actor, filters, lambda done: None)])


def write_export(actor: Actor, job: Job) -> None:
    """Write the file of an export; a try after a crash begins anew."""
    filters = Filters(**job.args["filters"])
    total = count_entities(actor.agency_id, filters)
    with TemporaryFile() as file:
        write_xlsx_to(file, [_sheet(actor, filters, lambda done: progress(job, min(done, total), total))])
        file.seek(0)
        store().put(export_name(job), file)
    progress(job, total, total)


def export_of(actor: Actor, job_id: int) -> Job:
    """An export that the person asked for; anybody else's is not found."""
    job = job_of(actor.agency_id, job_id)
    if job.kind != EXPORT_JOB or job.actor["user_id"] != actor.user_id:
        raise Refusal(NOT_FOUND, what="这次导出")
    return job


def export_name(job: Job) -> str:
    """Where an export's file lies in the store."""
    return f"exports/entities-{job.id}.xlsx"


def forget_old_exports() -> None:
    """Delete the files of exports that had their day; done each day by the worker, for all agencies."""
    old = select(Job).where(
        Job.kind == EXPORT_JOB, Job.ended_at < now() - KEPT, Job.ended_at > now() - 30 * KEPT
    )
    for job in db.session.scalars(old):
        if store().exists(export_name(job)):
            store().delete(export_name(job))


def _at_work(actor: Actor, asked: Mapping[str, Any]) -> Job | None:
    under_way = select(Job).where(
        Job.agency_id == actor.agency_id, Job.kind == EXPORT_JOB, Job.state.in_(_UNDER_WAY)
    )
    mine = (job for job in db.session.scalars(under_way) if job.actor["user_id"] == actor.user_id)
    return next((job for job in mine if job.args == asked), None)


def _sheet(actor: Actor, filters: Filters, on_progress: Callable[[int], None]) -> NewSheet:
    sheet_columns = columns({})
    rows = _rows(actor, filters, on_progress)
    return NewSheet("检查对象", [column.heading for column in sheet_columns], rows)


def _rows(actor: Actor, filters: Filters, on_progress: Callable[[int], None]) -> Iterator[list[str]]:
    fields = [column.field for column in columns({})]
    names = {department.id: department.name for department in departments_of(actor.agency_id)}
    found, done = every_entity(actor.agency_id, filters), 0
    while piece := list(islice(found, ENTITIES_AT_ONCE)):
        dated = dated_flags({each.id: each.flags for each in piece if each.flags})
        for each in piece:
            values = {field: getattr(each, field) for field in fields} | {"flags": dated.get(each.id, [])}
            yield [cell_text(field, value, names) for field, value in values.items()]
        done += len(piece)
        # Only between two pieces that are read: telling how far ends the transaction that reads.
        on_progress(done)
