"""Import in three steps on one page: choose a file, see what it would do, take it in."""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core.errors import INVALID_INPUT, Refusal
from backend.foundation.jobs.queries import how_far
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.plumbing.db import transaction
from backend.plumbing.web.downloads import spreadsheet
from backend.registers.entities.actions import set_status
from backend.registers.entities.queries import entities_by_id
from backend.registers.entities.rules import STATUSES_TO_SET
from backend.registers.imports.actions import decide_on_gone, drop, import_rows, mend_cells, upload
from backend.registers.imports.queries import (
    bad_rows,
    files_of,
    gone_rows,
    job_behind,
    refused_rows_of,
    template_sheet,
    uploaded,
)
from backend.registers.imports.registers import register
from backend.registers.imports.rules import CHOICES, GONE_SHOWN, IN_WORK, STATES

blueprint = Blueprint("imports", __name__, url_prefix="/office/imports", template_folder="templates")

LATEST = 8
LEFT_AS_IT_IS = "保持不变"


@blueprint.get("/<register_key>")
@may(Capability.FILL_REGISTERS)
def choose(register_key: str) -> str:
    """Choose a file."""
    return _choose_page(register_key, None)


@blueprint.post("/<register_key>")
@may(Capability.FILL_REGISTERS)
def upload_here(register_key: str) -> tuple[str, int] | AnyResponse:
    """Check the file that was sent and go on to what it would do."""
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Refusal(INVALID_INPUT, detail="请先选一个文件")
        choice, is_complete = request.form.get("choice", "ask"), request.form.get("is_complete") == "1"
        held = upload(current_actor(), register_key, sent.filename, sent.read(), choice, is_complete)
    except Refusal as refusal:
        return _choose_page(register_key, refusal), refusal.problem.status
    return redirect(url_for("imports.verdict", file_id=held.id), 303)


@blueprint.get("/<register_key>/template.xlsx")
@may(Capability.FILL_REGISTERS)
def template(register_key: str) -> Response:
    """The register's empty spreadsheet with example rows."""
    target = register(register_key)
    return spreadsheet(template_sheet(target, current_actor().agency_id), f"{target.label}模板.xlsx")


@blueprint.get("/files/<int:file_id>")
@may(Capability.FILL_REGISTERS)
def verdict(file_id: int) -> str:
    """Four counts, the wrong rows, and the choice."""
    return _verdict_page(file_id, None)


@blueprint.post("/files/<int:file_id>/mendings")
@may(Capability.FILL_REGISTERS)
def mend_here(file_id: int) -> tuple[str, int] | AnyResponse:
    """Put cells right and check again."""
    try:
        mend_cells(current_actor(), file_id, dict(request.form.items()))
    except Refusal as refusal:
        return _verdict_page(file_id, refusal), refusal.problem.status
    return redirect(url_for("imports.verdict", file_id=file_id), 303)


@blueprint.post("/files/<int:file_id>/imports")
@may(Capability.FILL_REGISTERS)
def import_here(file_id: int) -> tuple[str, int] | AnyResponse:
    """Take the rows in."""
    try:
        import_rows(current_actor(), file_id, request.form.get("good_rows_only") == "1")
    except Refusal as refusal:
        return _verdict_page(file_id, refusal), refusal.problem.status
    return redirect(url_for("imports.verdict", file_id=file_id), 303)


@blueprint.post("/files/<int:file_id>/droppings")
@may(Capability.FILL_REGISTERS)
def drop_here(file_id: int) -> tuple[str, int] | AnyResponse:
    """Import nothing."""
    held = uploaded(current_actor().agency_id, file_id)
    try:
        drop(current_actor(), file_id)
    except Refusal as refusal:
        return _verdict_page(file_id, refusal), refusal.problem.status
    return redirect(url_for(register(held.register).list_page), 303)


@blueprint.get("/files/<int:file_id>/refused.xlsx")
@may(Capability.FILL_REGISTERS)
def refused_rows(file_id: int) -> Response:
    """The bad rows with their reasons, to be mended and uploaded again."""
    held = uploaded(current_actor().agency_id, file_id)
    return spreadsheet(refused_rows_of(held), f"错误行_{held.filename}.xlsx")


@blueprint.post("/files/<int:file_id>/gone")
@may(Capability.KEEP_ENTITIES)
def decide_here(file_id: int) -> tuple[str, int] | AnyResponse:
    """Decide on entries that the file does not hold: leave them, or set what has become of them."""
    chosen = request.form.getlist("entity", type=int)
    status = request.form.get("status", "")
    try:
        if not chosen:
            raise Refusal(INVALID_INPUT, detail="先勾选要处理的检查对象")
        decision = STATUSES_TO_SET.get(status, LEFT_AS_IT_IS)
        with transaction():
            decide_on_gone(current_actor(), file_id, chosen, decision)
            if status in STATUSES_TO_SET:
                source = f"完整名录“{uploaded(current_actor().agency_id, file_id).filename}”里没有"
                set_status(current_actor(), chosen, status, source)
    except Refusal as refusal:
        return _verdict_page(file_id, refusal), refusal.problem.status
    return redirect(url_for("imports.verdict", file_id=file_id, _anchor="gone"), 303)


def _choose_page(register_key: str, refusal: Refusal | None) -> str:
    return render_template(
        "imports/choose.html",
        target=register(register_key),
        choices_of_import=CHOICES,
        latest=files_of(current_actor().agency_id, register_key, LATEST),
        states=STATES,
        refusal=refusal,
    )


def _verdict_page(file_id: int, refusal: Refusal | None) -> str:
    agency_id = current_actor().agency_id
    held = uploaded(agency_id, file_id)
    gone = gone_rows(held) if held.state == "imported" else []
    asked = [row.record_id for row in gone if not row.decision]
    job = job_behind(held)
    done, total = how_far(job) if job is not None else (0, 0)
    return render_template(
        "imports/verdict.html",
        held=held,
        target=register(held.register),
        state=STATES[held.state],
        in_work=held.state in IN_WORK,
        job=job,
        done=done,
        total=total,
        bad=bad_rows(held),
        gone=entities_by_id(agency_id, asked[:GONE_SHOWN]),
        gone_left=len(asked),
        gone_decided=len(gone) - len(asked),
        statuses=STATUSES_TO_SET,
        capability=Capability,
        refusal=refusal,
    )
