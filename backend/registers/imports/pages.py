"""Import in three steps on one page: choose a file, see what it would do, take it in."""

from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core.errors import INVALID_INPUT, Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.plumbing.spreadsheets import XLSX
from backend.registers.imports.actions import drop, import_rows, mend_cells, upload
from backend.registers.imports.queries import refused_rows_sheet, template_sheet, uploaded, verdict_on
from backend.registers.imports.registers import register
from backend.registers.imports.rules import STATES

blueprint = Blueprint("imports", __name__, url_prefix="/office/imports", template_folder="templates")

ROWS_SHOWN = 200


@blueprint.get("/<register_key>")
@may(Capability.FILL_REGISTERS)
def choose(register_key: str) -> str:
    """Choose a file."""
    return render_template("imports/choose.html", target=register(register_key), refusal=None)


@blueprint.post("/<register_key>")
@may(Capability.FILL_REGISTERS)
def upload_here(register_key: str) -> tuple[str, int] | AnyResponse:
    """Check the file that was sent and go on to what it would do."""
    sent = request.files.get("file")
    try:
        if sent is None or not sent.filename:
            raise Refusal(INVALID_INPUT, detail="请先选一个文件")
        held = upload(current_actor(), register_key, sent.filename, sent.read())
    except Refusal as refusal:
        page = render_template("imports/choose.html", target=register(register_key), refusal=refusal)
        return page, refusal.problem.status
    return redirect(url_for("imports.verdict", file_id=held.id), 303)


@blueprint.get("/<register_key>/template.xlsx")
@may(Capability.FILL_REGISTERS)
def template(register_key: str) -> Response:
    """The register's empty spreadsheet with example rows."""
    target = register(register_key)
    return _spreadsheet(template_sheet(target, current_actor().agency_id), f"{target.label}模板.xlsx")


@blueprint.get("/files/<int:file_id>")
@may(Capability.FILL_REGISTERS)
def verdict(file_id: int) -> str:
    """Four counts, the wrong rows, and the choice."""
    return _verdict_page(file_id, None)


@blueprint.post("/files/<int:file_id>/mendings")
@may(Capability.FILL_REGISTERS)
def mend_here(file_id: int) -> AnyResponse:
    """Put cells right and check again."""
    mend_cells(current_actor(), file_id, dict(request.form.items()))
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
def drop_here(file_id: int) -> AnyResponse:
    """Import nothing."""
    held = uploaded(current_actor().agency_id, file_id)
    drop(current_actor(), file_id)
    return redirect(url_for(register(held.register).list_page), 303)


@blueprint.get("/files/<int:file_id>/refused.xlsx")
@may(Capability.FILL_REGISTERS)
def refused_rows(file_id: int) -> Response:
    """The bad rows with their reasons, to be mended and uploaded again."""
    held = uploaded(current_actor().agency_id, file_id)
    return _spreadsheet(refused_rows_sheet(verdict_on(current_actor(), held)), f"错误行_{held.filename}.xlsx")


def _verdict_page(file_id: int, refusal: Refusal | None) -> str:
    held = uploaded(current_actor().agency_id, file_id)
    found = verdict_on(current_actor(), held) if held.state == "checked" else None
    return render_template(
        "imports/verdict.html",
        held=held,
        target=register(held.register),
        state=STATES[held.state],
        verdict=found,
        shown=found.bad[:ROWS_SHOWN] if found else (),
        refusal=refusal,
    )


def _spreadsheet(content: bytes, name: str) -> Response:
    response = Response(content, mimetype=XLSX)
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
