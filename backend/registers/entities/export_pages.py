"""A large export while the worker writes it, and its file when it is written."""

from flask import Blueprint, Response, render_template, send_file

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.plumbing.files import store
from backend.plumbing.spreadsheets import XLSX
from backend.registers.entities.exporting import export_name, export_of

blueprint = Blueprint(
    "entity_exports", __name__, url_prefix="/office/entities/exports", template_folder="templates"
)


@blueprint.get("/<int:job_id>")
@may(Capability.KEEP_ENTITIES)
def one(job_id: int) -> str:
    """How far it is, or where to fetch it."""
    job = export_of(current_actor(), job_id)
    there = store().exists(export_name(job))
    size = store().size(export_name(job)) if there else 0
    return render_template("entities/export.html", job=job, there=there, size=size)


@blueprint.get("/<int:job_id>/entities.xlsx")
@may(Capability.KEEP_ENTITIES)
def fetch(job_id: int) -> Response:
    """The file."""
    job = export_of(current_actor(), job_id)
    if job.state != "done" or not store().exists(export_name(job)):
        raise Refusal(NOT_FOUND, what="导出的文件")
    path = store().path(export_name(job))
    return send_file(path, mimetype=XLSX, as_attachment=True, download_name="检查对象.xlsx")
