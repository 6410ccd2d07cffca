"""From a file to the register: upload and check, mend cells, import or drop. The command line takes the same path."""

import hashlib
from collections.abc import Mapping

from backend.core.errors import IMPORT_FINISHED, ROWS_REFUSED, Refusal
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store
from backend.registers.imports.models import ImportFile
from backend.registers.imports.queries import Verdict, check, stored_name, uploaded, verdict_on
from backend.registers.imports.registers import register
from backend.registers.imports.rules import STATES


def upload(actor: Actor, register_key: str, filename: str, content: bytes) -> ImportFile:
    """Keep a file and check it; the register is not touched. Refuses what is no table at all."""
    require(actor, Capability.FILL_REGISTERS)
    verdict = check(actor, register(register_key), content, filename, {})
    sha256 = hashlib.sha256(content).hexdigest()
    store().put(stored_name(sha256), content)
    with transaction():
        held = ImportFile(
            agency_id=actor.agency_id,
            register=register_key,
            filename=filename,
            sha256=sha256,
            state="checked",
            counts=verdict.counts,
            mended={},
            by_name=actor.name,
            at=now(),
        )
        db.session.add(held)
        db.session.flush()
        record(actor, "import.upload", "import_file", held.id, after={"sha256": sha256, **verdict.counts})
        return held


def mend_cells(actor: Actor, file_id: int, cells: Mapping[str, str]) -> ImportFile:
    """Put wrong cells right without another upload; the file itself stays as it was handed in."""
    require(actor, Capability.FILL_REGISTERS)
    with transaction():
        hold_chain(actor.agency_id)
        held = uploaded(actor.agency_id, file_id)
        _require_open(held)
        known = {cell.address for row in verdict_on(actor, held).bad for cell in row.entered.cells.values()}
        mended = {address: text for address, text in cells.items() if address in known}
        before = dict(held.mended)
        held.mended = {**held.mended, **mended}
        held.counts = verdict_on(actor, held).counts
        record(actor, "import.mend", "import_file", held.id, before=before, after=held.mended)
        return held


def import_rows(actor: Actor, file_id: int, good_rows_only: bool) -> Verdict:
    """Take the file into the register: all of it, or only its good rows when that was chosen."""
    require(actor, Capability.FILL_REGISTERS)
    with transaction():
        hold_chain(actor.agency_id)
        held = uploaded(actor.agency_id, file_id)
        _require_open(held)
        verdict = verdict_on(actor, held)
        if verdict.bad and not good_rows_only:
            raise Refusal(ROWS_REFUSED, count=len(verdict.bad))
        target = register(held.register)
        target.take_in(actor, verdict.comparison, f"{held.filename}（{verdict.sheet.name}）")
        held.state, held.counts, held.finished_at = "imported", verdict.counts, now()
        record(
            actor,
            f"{held.register}.import",
            "import_file",
            held.id,
            after={"sha256": held.sha256, "filename": held.filename, **verdict.counts},
        )
        return verdict


def drop(actor: Actor, file_id: int) -> None:
    """Let an uploaded file go without importing anything."""
    require(actor, Capability.FILL_REGISTERS)
    with transaction():
        hold_chain(actor.agency_id)
        held = uploaded(actor.agency_id, file_id)
        _require_open(held)
        held.state, held.finished_at = "dropped", now()
        record(actor, "import.drop", "import_file", held.id, after={"filename": held.filename})


def _require_open(held: ImportFile) -> None:
    if held.state != "checked":
        raise Refusal(IMPORT_FINISHED, state=STATES[held.state])
