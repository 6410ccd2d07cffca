"""The import of a large file, done by the worker: it says how far it is, stops when asked and goes on after a crash."""

from backend.core.errors import IMPORT_FINISHED, Refusal
from backend.foundation.audit.actions import hold_chain
from backend.foundation.jobs.models import Job
from backend.foundation.permissions.actor import Actor
from backend.plumbing.db import db, transaction
from backend.registers.imports.actions import check_and_go_on, checked_sheet, take_in
from backend.registers.imports.models import ImportFile
from backend.registers.imports.queries import uploaded


def check_file(actor: Actor, job: Job) -> None:
    """Check the file, and import it where the uploader chose so."""
    held = uploaded(actor.agency_id, job.args["file_id"])
    if held.state not in ("waiting", "checking"):
        # A worker before this one got as far as the check or the import and died only afterwards.
        if held.state == "importing":
            take_in_file(actor, job)
        return
    if not _begin_checking(actor, held.id):
        return
    try:
        check_and_go_on(actor, held.id, checked_sheet(actor, held), job)
    except Refusal as refusal:
        _give_up(actor, held.id, refusal)
        raise


def take_in_file(actor: Actor, job: Job) -> None:
    """Import a file that was checked before."""
    held = uploaded(actor.agency_id, job.args["file_id"])
    try:
        take_in(actor, held.id, checked_sheet(actor, held), held.choice == "good_rows", job)
    except Refusal as refusal:
        _give_up(actor, held.id, refusal)
        raise


def _begin_checking(actor: Actor, file_id: int) -> bool:
    """Whether the file still waits for it: it may have been dropped since it was looked at."""
    with transaction():
        hold_chain(actor.agency_id)
        held = db.session.get_one(ImportFile, file_id, populate_existing=True)
        if held.state not in ("waiting", "checking"):
            return False
        held.state = "checking"
        return True


def _give_up(actor: Actor, file_id: int, refusal: Refusal) -> None:
    """Leave the file so that its page says why: unreadable, or still to be decided on."""
    if refusal.problem is IMPORT_FINISHED:
        return
    with transaction():
        hold_chain(actor.agency_id)
        held = db.session.get_one(ImportFile, file_id)
        held.state = "failed" if held.state == "checking" else "checked"
        held.trouble = refusal.sentence_zh
