"""From a file to the register: upload and check, mend cells, import or drop. The command line takes the same path.

A small file is answered at once; a large one becomes a job (`jobs.py`) that goes the same way, saying how far it is.
Rows are written in one transaction that the job ends with, so that whatever stops it leaves nothing half-imported.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import IO

from sqlalchemy import insert

from backend.core.errors import (
    IMPORT_FINISHED,
    IMPORT_IN_WORK,
    INVALID_INPUT,
    NOTHING_GONE,
    ROWS_REFUSED,
    Refusal,
)
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.jobs.actions import asked_to_stop, cancel, enqueue, finish, progress
from backend.foundation.jobs.models import Job
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store
from backend.plumbing.randomness import new_id
from backend.plumbing.sheet_files import kind_of
from backend.registers.imports.checking import CheckedSheet, Counts
from backend.registers.imports.models import ImportFile, ImportGone
from backend.registers.imports.queries import content_of, gone_rows, stored_name, uploaded
from backend.registers.imports.refused_rows import refused_rows
from backend.registers.imports.registers import register
from backend.registers.imports.rules import ANSWERED_AT_ONCE, CHOICES, IN_WORK, STATES

CHECK_JOB = "import.check"
IMPORT_JOB = "import.take_in"


def upload(
    actor: Actor,
    register_key: str,
    filename: str,
    content: bytes,
    choice: str = "ask",
    is_complete: bool = False,
    wait: bool | None = None,
) -> ImportFile:
    """Keep a file and check it. Refuses what is no table at all; only a choice made here touches the register.

    `wait` says whether the caller waits for the answer; by default only for a small file.
    """
    require(actor, Capability.FILL_REGISTERS)
    target = register(register_key)
    if choice not in CHOICES:
        raise Refusal(INVALID_INPUT, detail="没有这种导入方式")
    kind = kind_of(content, filename)
    at_once = len(content) <= ANSWERED_AT_ONCE if wait is None else wait
    # A text is looked through in a moment whatever its size; opening a large workbook is left to the job.
    opened = CheckedSheet(actor, target, content, filename, {}) if at_once or kind == "text" else None
    sha256 = hashlib.sha256(content).hexdigest()
    store().put(stored_name(sha256), content)
    with transaction():
        hold_chain(actor.agency_id)
        held = ImportFile(
            agency_id=actor.agency_id,
            register=register_key,
            filename=filename,
            sha256=sha256,
            state="checking" if at_once else "waiting",
            counts=Counts().as_mapping(),
            mended={},
            choice=choice,
            is_complete=is_complete and target.gone is not None,
            by_name=actor.name,
            at=now(),
        )
        db.session.add(held)
        db.session.flush()
        if not at_once:
            held.job_id = enqueue(actor, CHECK_JOB, file_id=held.id).id
        record(actor, "import.upload", "import_file", held.id, after={"sha256": sha256})
    if not at_once or opened is None:
        return held
    return check_and_go_on(actor, held.id, opened)


def mend_cells(actor: Actor, file_id: int, cells: Mapping[str, str]) -> ImportFile:
    """Put wrong cells right without another upload; the file itself stays as it was handed in."""
    require(actor, Capability.FILL_REGISTERS)
    with transaction():
        hold_chain(actor.agency_id)
        held = uploaded(actor.agency_id, file_id)
        _require_open(held)
        shown = {fault["address"]: fault["entered"] for row in held.faults for fault in row["faults"]}
        before = dict(held.mended)
        held.mended = {
            **before,
            **{
                address: text
                for address, text in cells.items()
                if address and address in shown and text != _as_a_box_holds(shown[address])
            },
        }
        held.choice = "ask"
        record(actor, "import.mend", "import_file", held.id, before=before, after=held.mended)
        size = store().size(stored_name(held.sha256))
        if size > ANSWERED_AT_ONCE:
            held.state, held.job_id = "waiting", enqueue(actor, CHECK_JOB, file_id=held.id).id
            return held
    return check_and_go_on(actor, file_id, checked_sheet(actor, held))


def import_rows(actor: Actor, file_id: int, good_rows_only: bool, wait: bool | None = None) -> ImportFile:
    """Take the file into the register: all of it, or only its good rows when that was chosen."""
    require(actor, Capability.FILL_REGISTERS)
    with transaction():
        hold_chain(actor.agency_id)
        held = uploaded(actor.agency_id, file_id)
        _require_open(held)
        if held.counts["refused"] and not good_rows_only:
            raise Refusal(ROWS_REFUSED, count=held.counts["refused"])
        size = store().size(stored_name(held.sha256))
        if size > ANSWERED_AT_ONCE if wait is None else not wait:
            held.choice, held.state = "good_rows" if good_rows_only else "whole", "importing"
            held.job_id = enqueue(actor, IMPORT_JOB, file_id=held.id).id
            return held
    return take_in(actor, file_id, checked_sheet(actor, held), good_rows_only)


def drop(actor: Actor, file_id: int) -> None:
    """Let an uploaded file go without importing anything; a job that works on it stops."""
    require(actor, Capability.FILL_REGISTERS)
    with asked_to_stop(uploaded(actor.agency_id, file_id).job_id), transaction():
        hold_chain(actor.agency_id)
        held = uploaded(actor.agency_id, file_id)
        if held.state not in ("checked", *IN_WORK):
            raise Refusal(IMPORT_FINISHED, state=STATES[held.state])
        if held.job_id is not None:
            cancel(actor, held.job_id)
        held.state, held.finished_at = "dropped", now()
        record(actor, "import.drop", "import_file", held.id, after={"filename": held.filename})


def decide_on_gone(actor: Actor, file_id: int, record_ids: Sequence[int], decision: str) -> None:
    """Note what was decided on entries that a complete file did not hold."""
    with transaction():
        hold_chain(actor.agency_id)
        held = uploaded(actor.agency_id, file_id)
        asked = {row.record_id: row for row in gone_rows(held) if not row.decision}
        if not set(record_ids) & set(asked):
            raise Refusal(NOTHING_GONE)
        for number in record_ids:
            if number in asked:
                asked[number].decision = decision
        after = {"decision": decision, "records": len(record_ids)}
        record(actor, "import.gone", "import_file", held.id, after=after)


def checked_sheet(actor: Actor, held: ImportFile) -> CheckedSheet:
    """The uploaded file, opened with the cells mended on the page."""
    return CheckedSheet(actor, register(held.register), content_of(held), held.filename, held.mended)


def check_and_go_on(actor: Actor, file_id: int, opened: CheckedSheet, job: Job | None = None) -> ImportFile:
    """Check every row; then ask, or import at once where the uploader chose so."""
    counts = Counts()
    with refused_rows(list(opened.sheet.headings)) as (refused, file):
        for piece in opened.pieces():
            counts.add(piece)
            for row in piece.bad:
                refused.add(row)
            _tell(job, counts.read, opened)
        refused.close()
        refused_name = _kept_refused(refused.count, file)
    with transaction():
        hold_chain(actor.agency_id)
        held = uploaded(actor.agency_id, file_id)
        _require_in_work(held)
        _forget_refused(held)
        held.state, held.counts, held.sheet = "checked", counts.as_mapping(), opened.sheet.name
        held.unread, held.faults, held.refused_file = opened.unread, refused.shown, refused_name
        _ask_about_gone(actor, held, opened)
    goes_on = held.choice == "good_rows" or (held.choice == "whole" and not counts.refused)
    if not goes_on or not counts.new + counts.updated:
        return held
    with transaction():
        hold_chain(actor.agency_id)
        uploaded(actor.agency_id, file_id).state = "importing"
    return take_in(actor, file_id, opened, held.choice == "good_rows", job)


def take_in(
    actor: Actor, file_id: int, opened: CheckedSheet, good_rows_only: bool, job: Job | None = None
) -> ImportFile:
    """Write the rows in one transaction, checking each once more against the register as it now stands."""
    counts = Counts()
    with refused_rows(list(opened.sheet.headings)) as (refused, file), transaction():
        hold_chain(actor.agency_id)
        held = uploaded(actor.agency_id, file_id)
        if held.state not in ("checked", "importing"):
            raise Refusal(IMPORT_FINISHED, state=STATES[held.state])
        source = f"{held.filename}（{opened.sheet.name}）"
        _tell(job, 0, opened)
        with register(held.register).taking_in(
            actor, source, lambda: _tell(job, counts.read, opened)
        ) as write:
            for piece in opened.pieces():
                counts.add(piece)
                if piece.bad and not good_rows_only:
                    raise Refusal(ROWS_REFUSED, count=counts.refused)
                for row in piece.bad:
                    refused.add(row)
                write(piece.comparison)
                _tell(job, counts.read, opened)
        refused.close()
        _forget_refused(held)
        held.refused_file, held.faults = _kept_refused(refused.count, file), refused.shown
        gone = {"gone": held.counts["gone"]} if "gone" in held.counts else {}
        held.state, held.counts, held.finished_at = "imported", {**counts.as_mapping(), **gone}, now()
        done = {"sha256": held.sha256, "filename": held.filename, **held.counts}
        record(actor, f"{held.register}.import", "import_file", held.id, after=done)
        if job is not None:
            finish(job)
    return held


def _as_a_box_holds(text: str) -> str:
    """A browser's one-line box drops the line breaks of what it is given, and a form sends those of others as they are."""
    return text.replace("\r", "").replace("\n", "")


def _tell(job: Job | None, done: int, opened: CheckedSheet) -> None:
    """How many of about how many rows, where a job does it. Raises `Cancelled` when it is to stop."""
    if job is not None:
        total = opened.sheet.height
        progress(job, min(done, total), total)


def _ask_about_gone(actor: Actor, held: ImportFile, opened: CheckedSheet) -> None:
    find = register(held.register).gone
    if not held.is_complete or find is None:
        return
    for row in gone_rows(held):
        db.session.delete(row)
    db.session.flush()
    rows = [{"file_id": held.id, "record_id": number, "decision": ""} for number in find(actor, opened.keys)]
    if rows:
        db.session.execute(insert(ImportGone), rows)
    held.counts = {**held.counts, "gone": len(rows)}


def _kept_refused(count: int, file: IO[bytes]) -> str:
    if not count:
        return ""
    name = f"imports/refused-{new_id()}.xlsx"
    file.seek(0)
    store().put(name, file)
    return name


def _forget_refused(held: ImportFile) -> None:
    if held.refused_file:
        store().delete(held.refused_file)


def _require_open(held: ImportFile) -> None:
    if held.state in IN_WORK:
        raise Refusal(IMPORT_IN_WORK, filename=held.filename)
    if held.state != "checked":
        raise Refusal(IMPORT_FINISHED, state=STATES[held.state])


def _require_in_work(held: ImportFile) -> None:
    if held.state not in ("checked", *IN_WORK):
        raise Refusal(IMPORT_FINISHED, state=STATES[held.state])
