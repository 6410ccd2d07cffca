"""Filings of one task in the office, and the tables to upload elsewhere."""

from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.planning.draw.queries import draw_of_task
from backend.planning.draw.undertakings import require_promise
from backend.planning.filings.actions import tick_off
from backend.planning.filings.queries import inspection_filing, parties, running_steps, steps_of
from backend.planning.tasks.queries import rules_of_task, task_of
from backend.plumbing.spreadsheets import XLSX, write_xlsx

blueprint = Blueprint(
    "filings", __name__, url_prefix="/office/tasks/<int:task_id>/filings", template_folder="templates"
)

EXPORTS = {"inspections": "涉企检查备案", "steps": "网上运行流程", "parties": "行政相对人名录"}


@blueprint.get("")
@may(Capability.FILE_TASKS)
def filings(task_id: int) -> str:
    """What the rules want filed, and what was."""
    task = task_of(current_actor().agency_id, task_id)
    return render_template(
        "filings/filings.html",
        task=task,
        steps=steps_of(task),
        exports=EXPORTS,
        profile=rules_of_task(task.id),
    )


@blueprint.post("")
@may(Capability.FILE_TASKS)
def tick_here(task_id: int) -> AnyResponse:
    """Tick one step off."""
    tick_off(current_actor(), task_id, request.form.get("step", ""), request.form.get("note", ""))
    return redirect(url_for("filings.filings", task_id=task_id), 303)


@blueprint.get("/<export>.xlsx")
@may(Capability.FILE_TASKS)
def table(task_id: int, export: str) -> Response:
    """One table as the platform takes it."""
    task = task_of(current_actor().agency_id, task_id)
    if (draw := draw_of_task(task.id)) is not None and export != "parties":
        require_promise(current_actor(), draw)
    if export == "inspections":
        sheet = inspection_filing(task)
    elif export == "steps":
        sheet = running_steps(task, rules_of_task(task.id).words("filing.steps"))
    elif export == "parties":
        sheet = parties(task.agency_id)
    else:
        raise Refusal(NOT_FOUND, what="这张表")
    response = Response(write_xlsx([sheet]), mimetype=XLSX)
    name = quote(f"{EXPORTS[export]}_{task.serial}.xlsx")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
