"""The matter list in the office: the list as it stands, its versions, submit → approve → publish."""

from collections.abc import Callable

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.core.errors import Refusal
from backend.foundation.accounts.queries import departments_of
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.registers.matters.actions import (
    approve_list,
    publish_list,
    return_list,
    submit_list,
    withdraw_matter,
)
from backend.registers.matters.queries import matter, matters_of, version, versions_of
from backend.registers.matters.rules import CLASSES, LIST_STATUSES, STATUSES, ratio_words

blueprint = Blueprint("matters", __name__, url_prefix="/office/matters", template_folder="templates")

Answer = tuple[str, int] | Response


@blueprint.get("")
@may(Capability.USE_OFFICE)
def matters() -> str:
    """The list as it stands and the versions it went through."""
    return _list_page(None)


@blueprint.get("/<int:matter_id>")
@may(Capability.USE_OFFICE)
def one(matter_id: int) -> str:
    """One matter in full."""
    return _matter_page(matter_id, None)


@blueprint.post("/<int:matter_id>/withdrawals")
@may(Capability.PREPARE_MATTERS)
def withdraw_here(matter_id: int) -> Answer:
    """Take a matter off the list."""
    try:
        withdraw_matter(current_actor(), matter_id, request.form.get("reason", ""))
    except Refusal as refusal:
        return _matter_page(matter_id, refusal), refusal.problem.status
    return redirect(url_for("matters.matters"), 303)


@blueprint.post("/versions")
@may(Capability.PREPARE_MATTERS)
def submit_here() -> Answer:
    """Put the list forward for approval."""
    return _stepped(lambda: submit_list(current_actor()))


@blueprint.get("/versions/<int:version_id>")
@may(Capability.USE_OFFICE)
def one_version(version_id: int) -> str:
    """A version as it was submitted."""
    agency_id = current_actor().agency_id
    return render_template(
        "matters/version.html",
        held=version(agency_id, version_id),
        departments={department.id: department.name for department in departments_of(agency_id)},
        profile=profile_for(agency_id),
        classes=CLASSES,
        statuses=LIST_STATUSES,
        ratio_words=ratio_words,
    )


@blueprint.post("/versions/<int:version_id>/approvals")
@may(Capability.APPROVE_MATTERS)
def approve_here(version_id: int) -> Answer:
    """Approve a version."""
    return _stepped(lambda: approve_list(current_actor(), version_id))


@blueprint.post("/versions/<int:version_id>/returns")
@may(Capability.APPROVE_MATTERS)
def return_here(version_id: int) -> Answer:
    """Send a version back."""
    return _stepped(lambda: return_list(current_actor(), version_id, request.form.get("reason", "")))


@blueprint.post("/versions/<int:version_id>/publications")
@may(Capability.PUBLISH_MATTERS)
def publish_here(version_id: int) -> Answer:
    """Put an approved version in force."""
    return _stepped(lambda: publish_list(current_actor(), version_id))


def _stepped(step: Callable[[], object]) -> Answer:
    try:
        step()
    except Refusal as refusal:
        return _list_page(refusal), refusal.problem.status
    return redirect(url_for("matters.matters"), 303)


def _list_page(refusal: Refusal | None) -> str:
    agency_id = current_actor().agency_id
    versions = versions_of(agency_id)
    return render_template(
        "matters/list.html",
        matters=matters_of(agency_id),
        versions=versions,
        open_version=versions[0] if versions and versions[0].status != "published" else None,
        departments={department.id: department.name for department in departments_of(agency_id)},
        profile=profile_for(agency_id),
        refusal=refusal,
        classes=CLASSES,
        statuses=STATUSES,
        list_statuses=LIST_STATUSES,
        ratio_words=ratio_words,
        capability=Capability,
    )


def _matter_page(matter_id: int, refusal: Refusal | None) -> str:
    agency_id = current_actor().agency_id
    held = matter(agency_id, matter_id)
    return render_template(
        "matters/matter.html",
        matter=held,
        department={d.id: d.name for d in departments_of(agency_id)}.get(held.department_id or 0, ""),
        refusal=refusal,
        profile=profile_for(agency_id),
        classes=CLASSES,
        statuses=STATUSES,
        ratio_words=ratio_words,
        capability=Capability,
    )
