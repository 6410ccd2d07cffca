"""The forms in the office: the library, the Excel template, a version with its preview and its differences, approval."""

from io import BytesIO

from flask import Blueprint, jsonify, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from backend.core.errors import Refusal
from backend.fieldwork.checklists.definitions import CompiledForm
from backend.fieldwork.checklists.rules import items_of
from backend.fieldwork.checklists.wording import SEVERITIES, TYPES, basis_words
from backend.fieldwork.form_library.actions import STATUSES, approve, give_back, hand_in, upload
from backend.fieldwork.form_library.books import exported, template
from backend.fieldwork.form_library.models import FormVersion
from backend.fieldwork.form_library.queries import form_in_library, library, version_of, versions_of
from backend.fieldwork.form_library.rules.comparison import changes_between
from backend.fieldwork.form_library.rules.reading import CellFault
from backend.fieldwork.form_library.rules.speaking import condition_words
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.plumbing.spreadsheets import XLSX

blueprint = Blueprint("form_library", __name__, url_prefix="/office/forms", template_folder="templates")

Answer = tuple[str, int] | Response
STATUS_CHIPS = {"draft": "draft", "submitted": "waiting", "returned": "returned", "published": "published"}
KIND_WORDS = {"added": "新增", "removed": "删去", "changed": "改动", "moved": "次序"}


@blueprint.get("")
@may(Capability.USE_OFFICE)
def forms() -> str:
    """The forms in force, and what is on its way."""
    return _library_page()


@blueprint.get("/template.xlsx")
@may(Capability.PREPARE_FORMS)
def empty_template() -> Response:
    """The empty template."""
    return _book(template(), "检查表单模板.xlsx")


@blueprint.post("/uploads")
@may(Capability.PREPARE_FORMS)
def upload_here() -> Answer:
    """Take a workbook in as a draft, or show what is wrong with it, cell by cell."""
    sent = request.files.get("file")
    filename = sent.filename or "" if sent else ""
    try:
        made = upload(current_actor(), filename, sent.read() if sent else b"")
    except Refusal as refusal:
        return _library_page(refusal), refusal.problem.status
    if isinstance(made, list):
        return _library_page(faults=made, filename=filename), 422
    return redirect(url_for("form_library.one_version", version_id=made.id), 303)


@blueprint.get("/newest")
@may(Capability.USE_OFFICE)
def one() -> str:
    """The newest version of a form (`?form=<key>`), as a phone shows it."""
    form = form_in_library(current_actor().agency_id, request.args.get("form", ""))
    history = list(versions_of(current_actor().agency_id, form.key))
    return render_template("form_library/form.html", form=form, history=history, **_words(form))


@blueprint.get("/newest.json")
@may(Capability.USE_OFFICE)
def newest_content() -> Response:
    """The newest version of a form (`?form=<key>`) as the phone's engine reads it, to be tried out."""
    return jsonify(form_in_library(current_actor().agency_id, request.args.get("form", "")).content)


@blueprint.get("/versions/<int:version_id>.json")
@may(Capability.USE_OFFICE)
def version_content(version_id: int) -> Response:
    """An uploaded version as the phone's engine reads it, to be tried out."""
    return jsonify(version_of(current_actor().agency_id, version_id).content)


@blueprint.get("/newest.xlsx")
@may(Capability.USE_OFFICE)
def export() -> Response:
    """The newest version of a form (`?form=<key>`) in the template, to be changed and uploaded again."""
    form = form_in_library(current_actor().agency_id, request.args.get("form", ""))
    return _book(exported(form), f"{form.content['title']}第{form.version}版.xlsx")


@blueprint.get("/versions/<int:version_id>")
@may(Capability.USE_OFFICE)
def one_version(version_id: int) -> str:
    """An uploaded version: its preview, what it changes, and the next step."""
    return _version_page(version_id, None)


@blueprint.get("/versions/<int:version_id>.xlsx")
@may(Capability.USE_OFFICE)
def export_version(version_id: int) -> Response:
    """An uploaded version in the template."""
    held = version_of(current_actor().agency_id, version_id)
    return _book(exported(_compiled(held)), f"{held.content['title']}第{held.version}版.xlsx")


@blueprint.post("/versions/<int:version_id>/submissions")
@may(Capability.PREPARE_FORMS)
def hand_in_here(version_id: int) -> Answer:
    """Put a draft forward for approval."""
    try:
        hand_in(current_actor(), version_id)
    except Refusal as refusal:
        return _refused(version_id, refusal)
    return redirect(url_for("form_library.one_version", version_id=version_id), 303)


@blueprint.post("/versions/<int:version_id>/approvals")
@may(Capability.APPROVE_FORMS)
def approve_here(version_id: int) -> Answer:
    """Put a form in force."""
    try:
        approve(current_actor(), version_id)
    except Refusal as refusal:
        return _refused(version_id, refusal)
    return redirect(url_for("form_library.one_version", version_id=version_id), 303)


@blueprint.post("/versions/<int:version_id>/returns")
@may(Capability.APPROVE_FORMS)
def return_here(version_id: int) -> Answer:
    """Return a form with the reason."""
    try:
        give_back(current_actor(), version_id, request.form.get("reason", ""))
    except Refusal as refusal:
        return _refused(version_id, refusal)
    return redirect(url_for("form_library.one_version", version_id=version_id), 303)


def _library_page(
    refusal: Refusal | None = None, faults: list[CellFault] | None = None, filename: str = ""
) -> str:
    agency_id = current_actor().agency_id
    versions = versions_of(agency_id)
    return render_template(
        "form_library/library.html",
        forms=[(form, len(list(items_of(form.content)))) for form in library(agency_id).values()],
        own={version.sha for version in versions if version.status == "published"},
        waiting=[version for version in versions if version.status != "published"][:20],
        refusal=refusal,
        faults=faults or [],
        filename=filename,
        statuses=STATUSES,
        chips=STATUS_CHIPS,
        may_prepare=current_actor().may(Capability.PREPARE_FORMS),
    )


def _refused(version_id: int, refusal: Refusal) -> Answer:
    if refusal.problem.status == 404:
        raise refusal
    return _version_page(version_id, refusal), refusal.problem.status


def _version_page(version_id: int, refusal: Refusal | None) -> str:
    actor = current_actor()
    held = version_of(actor.agency_id, version_id)
    form = _compiled(held)
    before = library(actor.agency_id).get(held.key)
    if before is not None and (before.sha == held.sha or held.status == "published"):
        before = None
    changes = changes_between(before.content, form.content, condition_words) if before else []
    return render_template(
        "form_library/version.html",
        held=held,
        form=form,
        before=before,
        changes=changes,
        kinds=KIND_WORDS,
        refusal=refusal,
        statuses=STATUSES,
        chips=STATUS_CHIPS,
        may_prepare=actor.may(Capability.PREPARE_FORMS),
        may_approve=actor.may(Capability.APPROVE_FORMS),
        is_own=held.prepared_by == actor.user_id,
        **_words(form),
    )


def _compiled(held: FormVersion) -> CompiledForm:
    return CompiledForm(held.key, held.version, held.sha, held.content)


def _words(form: CompiledForm) -> dict[str, object]:
    return {
        "types": TYPES,
        "severities": SEVERITIES,
        "basis_words": basis_words,
        "condition": lambda expression: condition_words(expression, form.content),
        "count": len(list(items_of(form.content))),
        "pending": sum(
            1
            for item in items_of(form.content)
            if item.get("verified") is False or any(one.get("pending") for one in item.get("basis", ()))
        ),
    }


def _book(content: bytes, filename: str) -> Response:
    return send_file(BytesIO(content), XLSX, as_attachment=True, download_name=filename)
