"""Dossiers in the office: the list by deadline, one dossier in three columns, sealing, downloads."""

import re
from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core.clock import SHANGHAI
from backend.core.errors import (
    DOSSIER_NOT_PRINTED,
    DOSSIER_NOT_SEALED,
    FILE_TOO_BIG,
    INVALID_INPUT,
    NOT_FOUND,
    OFFSET_DIFFERS,
    Refusal,
)
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.planning.tasks.queries import rules_of_task
from backend.plumbing.clock import now
from backend.plumbing.files import store
from backend.plumbing.web.refusals import problem_json
from backend.plumbing.web.requests import read_at_most
from backend.records.documents.order import bound_documents
from backend.records.dossier import actions
from backend.records.dossier.evidence_parts import recordings_of
from backend.records.dossier.models import Dossier
from backend.records.dossier.package import package_file_name
from backend.records.dossier.printing import PACKAGE, PDF, page_name
from backend.records.dossier.queries import (
    deadline_of,
    deadlines_of,
    dossier_for,
    dossiers_for,
    dossiers_of_visit,
    gaps_of_each,
    job_of_dossier,
    standing_of,
    visits_behind,
)
from backend.records.dossier.recorder_uploads import LARGEST_PIECE, finish, progress_of, receive
from backend.records.dossier.rules import DOCUMENT_TITLES, STATUSES

blueprint = Blueprint("dossier", __name__, url_prefix="/office/dossiers", template_folder="templates")

Answer = str | tuple[str, int] | AnyResponse
PAGE = 20


@blueprint.get("")
@may(Capability.SEE_DOSSIERS)
def dossiers() -> str:
    """Dossiers by state, each with what it lacks and until when it is to be bound."""
    actor = current_actor()
    status = request.args.get("status")
    status = status if status in STATUSES else None
    found = dossiers_for(actor, status, request.args.get("before", type=int), PAGE + 1)
    shown, more = found[:PAGE], len(found) > PAGE
    unsealed = [each for each in shown if each.status != "sealed"]
    return render_template(
        "dossier/list.html",
        dossiers=shown,
        visits=visits_behind(shown),
        gaps=gaps_of_each(unsealed, now()),
        deadlines=deadlines_of(actor.agency_id, unsealed),
        status=status,
        statuses=STATUSES,
        more=more,
    )


@blueprint.get("/<int:dossier_id>")
@may(Capability.SEE_DOSSIERS)
def one(dossier_id: int) -> str:
    """What there is, what it looks like, what is missing."""
    return _page(dossier_id)


@blueprint.post("/<int:dossier_id>/drafts")
@may(Capability.SEE_DOSSIERS)
def print_here(dossier_id: int) -> Answer:
    """Have the draft printed anew."""
    return _done(dossier_id, lambda: actions.print_draft(current_actor(), dossier_id))


@blueprint.post("/<int:dossier_id>/sealing")
@may(Capability.BIND_DOSSIERS)
def seal_here(dossier_id: int) -> Answer:
    """Ask for the sealing; with gaps, the head gives a reason."""
    remarks, reason = request.form.get("remarks", ""), request.form.get("reason", "")
    return _done(dossier_id, lambda: actions.ask_for_sealing(current_actor(), dossier_id, remarks, reason))


@blueprint.post("/<int:dossier_id>/supplements")
@may(Capability.BIND_DOSSIERS)
def supplement_here(dossier_id: int) -> Answer:
    """Begin the supplement volume."""
    return _done(dossier_id, lambda: actions.open_supplement(current_actor(), dossier_id))


@blueprint.post("/<int:dossier_id>/recordings")
@may(Capability.ADD_RECORDINGS)
def add_recording_here(dossier_id: int) -> Answer:
    """Register a body camera's file."""
    return _done(dossier_id, lambda: _add_recording(dossier_id))


@blueprint.get("/<int:dossier_id>/recordings/<sha>")
@may(Capability.ADD_RECORDINGS)
def recording_progress(dossier_id: int, sha: str) -> Response:
    """How much of a recorder's file this person has sent."""
    return _so_far(progress_of(current_actor(), dossier_id, _sha256(sha)))


@blueprint.patch("/<int:dossier_id>/recordings/<sha>")
@may(Capability.ADD_RECORDINGS)
def receive_recording(dossier_id: int, sha: str) -> Response:
    """Take the next piece; 409 with the true offset."""
    offset = request.headers.get("Upload-Offset", type=int)
    if offset is None or offset < 0:
        raise Refusal(INVALID_INPUT, detail="缺少 Upload-Offset")
    piece = read_at_most(LARGEST_PIECE, Refusal(FILE_TOO_BIG, most=LARGEST_PIECE >> 20))
    try:
        return _so_far(receive(current_actor(), dossier_id, _sha256(sha), offset, piece))
    except Refusal as refusal:
        if refusal.problem is not OFFSET_DIFFERS:
            raise
        response = problem_json(refusal)
        response.headers["Upload-Offset"] = str(refusal.facts["offset"])
        return response


@blueprint.post("/<int:dossier_id>/recordings/<sha>")
@may(Capability.ADD_RECORDINGS)
def finish_recording(dossier_id: int, sha: str) -> Answer:
    """All pieces are here: tie the file to the visit."""
    name = request.form.get("name", "").strip()[:200] or "录音录像"
    finish(current_actor(), dossier_id, _sha256(sha), name, _minutes(), _moment("taken_at"))
    return Response(status=201)


def _so_far(offset: int) -> Response:
    response = Response(status=204)
    response.headers["Upload-Offset"] = str(offset)
    response.headers["Cache-Control"] = "no-store"
    return response


def _sha256(sha: str) -> str:
    if not re.fullmatch(r"[0-9a-f]{64}", sha):
        raise Refusal(NOT_FOUND, what="这个文件")
    return sha


@blueprint.get("/<int:dossier_id>/pages/<int:page>.png")
@may(Capability.SEE_DOSSIERS)
def page_picture(dossier_id: int, page: int) -> Response:
    """The picture of one printed sheet."""
    dossier = _printed(dossier_id)
    if not 1 <= page <= dossier.sheets:
        raise Refusal(DOSSIER_NOT_PRINTED)
    return send_file(store().path(page_name(dossier.folder or "", page)), mimetype="image/png")


@blueprint.get("/<int:dossier_id>/dossier.pdf")
@may(Capability.SEE_DOSSIERS)
def pdf(dossier_id: int) -> Response:
    """The PDF, draft or sealed; who took it stands on the trail."""
    dossier = _printed(dossier_id)
    actions.note_download(current_actor(), dossier, PDF)
    return send_file(
        store().path(f"{dossier.folder}/{PDF}"),
        mimetype="application/pdf",
        download_name=_file_name(dossier, "pdf"),
    )


@blueprint.get("/<int:dossier_id>/package.zip")
@may(Capability.SEE_DOSSIERS)
def package(dossier_id: int) -> Response:
    """The package of a sealed dossier; who took it stands on the trail."""
    dossier = _printed(dossier_id)
    if dossier.status != "sealed":
        raise Refusal(DOSSIER_NOT_SEALED)
    actions.note_download(current_actor(), dossier, PACKAGE)
    return send_file(
        store().path(f"{dossier.folder}/{PACKAGE}"),
        mimetype="application/zip",
        as_attachment=True,
        download_name=_file_name(dossier, "zip"),
    )


def _page(dossier_id: int, refusal: Refusal | None = None) -> str:
    actor = current_actor()
    dossier = dossier_for(actor, dossier_id)
    standing = standing_of(dossier, now())
    visit = visits_behind([dossier])[dossier.visit_id]
    shown = request.args.get("page", default=1, type=int)
    return render_template(
        "dossier/one.html",
        dossier=dossier,
        visit=visit,
        profile=rules_of_task(visit.task_id),
        content=standing.content,
        gaps=standing.gaps if dossier.status != "sealed" else (),
        missing={gap.document for gap in standing.gaps},
        document_titles=DOCUMENT_TITLES,
        remedies=_remedies(visit.id),
        documents=bound_documents(standing.content),
        deadline=deadline_of(dossier),
        volumes=dossiers_of_visit(dossier.visit_id),
        recordings=recordings_of(dossier.visit_id),
        job=job_of_dossier(dossier),
        at_the_printer=actions.is_at_the_printer(dossier),
        shown=max(1, min(shown, dossier.sheets or 1)),
        front=dossier.sheets - dossier.pages - 1,
        statuses=STATUSES,
        capabilities=Capability,
        refusal=refusal,
    )


def _remedies(visit_id: str) -> dict[str, str]:
    """Where a missing document is made, by its key."""
    decided = url_for("publication.visit_results", visit_id=visit_id)
    return {"report": decided, "approval": decided, "publication": decided, "evidence": "#recording"}


def _done(dossier_id: int, step: Callable[[], object]) -> Answer:
    try:
        outcome = step()
    except Refusal as refusal:
        if refusal.problem.status in (403, 404):
            raise
        return _page(dossier_id, refusal), refusal.problem.status
    target = outcome.id if isinstance(outcome, Dossier) else dossier_id
    return redirect(url_for("dossier.one", dossier_id=target), 303)


def _add_recording(dossier_id: int) -> object:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Refusal(INVALID_INPUT, detail="请选择要登记的录音录像文件")
    return actions.add_recording(
        current_actor(), dossier_id, upload.filename, upload.stream, _minutes(), _moment("taken_at")
    )


def _minutes() -> int | None:
    said = request.form.get("minutes", "").strip()
    if not said:
        return None
    if not said.isdecimal():
        raise Refusal(INVALID_INPUT, detail="时长写整数分钟，例如 127")
    return int(said) * 60


def _moment(name: str) -> datetime | None:
    said = request.form.get(name, "").strip()
    try:
        return datetime.fromisoformat(said).replace(tzinfo=SHANGHAI) if said else None
    except ValueError:
        raise Refusal(INVALID_INPUT, detail="开始时间写成 2026-07-28T09:34") from None


def _printed(dossier_id: int) -> Dossier:
    dossier = dossier_for(current_actor(), dossier_id)
    if dossier.folder is None:
        raise Refusal(DOSSIER_NOT_PRINTED)
    return dossier


def _file_name(dossier: Dossier, ending: str) -> str:
    visit = visits_behind([dossier])[dossier.visit_id]
    return package_file_name(visit.entity_snapshot["name"], dossier.archive_no, dossier.volume, ending)
