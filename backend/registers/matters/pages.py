"""The matter list in the office: the list as it stands, one matter, ratios to settle, the way of a version."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core.errors import INVALID_INPUT, Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.foundation.rule_profiles.rules import RuleProfile
from backend.foundation.rule_profiles.signatories import may_sign
from backend.plumbing.clock import today
from backend.plumbing.web.downloads import spreadsheet
from backend.registers.changes.queries import changes_of, told
from backend.registers.columns.rules import Fault, demands_of
from backend.registers.entities.rules import KINDS
from backend.registers.matters import actions
from backend.registers.matters.columns import cell_text
from backend.registers.matters.models import Matter
from backend.registers.matters.queries import (
    FIELDS,
    abolished_matters,
    differences_between,
    first_published,
    is_unread,
    list_as_it_stands,
    matter,
    matter_columns,
    matters_of,
    unread_ratios,
    version,
    version_before,
    version_numbered,
    versions_of,
)
from backend.registers.matters.rules.differences import Row
from backend.registers.matters.rules.idleness import idle_since
from backend.registers.matters.rules.ratios import Share, mentioned_shares, ratio_words, read_ratio
from backend.registers.matters.rules.words import CLASSES, LIST_STATUSES, STATUSES
from backend.registers.matters.views import (
    LABELS,
    department_names,
    list_sheet,
    ratio_of_matter,
    ratio_of_row,
    speller,
)

blueprint = Blueprint("matters", __name__, url_prefix="/office/matters", template_folder="templates")

Answer = str | tuple[str, int] | AnyResponse
LONG_FIELDS = ("content", "legal_basis")
NOW = "now"


@blueprint.get("")
@may(Capability.USE_OFFICE)
def matters() -> str:
    """The list as it stands and the versions it went through."""
    return _list_page(None)


@blueprint.post("")
@may(Capability.PREPARE_MATTERS)
def enter_here() -> Answer:
    """Enter one matter."""
    return _filled_in(None)


@blueprint.get("/new")
@may(Capability.PREPARE_MATTERS)
def new() -> str:
    """The form of one matter."""
    return _form_page(None, {}, ())


@blueprint.get("/list.xlsx")
@may(Capability.USE_OFFICE)
def export() -> Response:
    """The list as it stands, in the columns of the import."""
    agency_id = current_actor().agency_id
    rows = [{name: getattr(held, name) for name in FIELDS} for held in matters_of(agency_id)]
    return spreadsheet(list_sheet(rows, department_names(agency_id)), "抽查事项清单.xlsx")


@blueprint.get("/ratios")
@may(Capability.PREPARE_MATTERS)
def ratios() -> str:
    """The ratios that only a person can read, each with the shares its words mention."""
    return _ratios_page(None)


@blueprint.get("/<int:matter_id>")
@may(Capability.USE_OFFICE)
def one(matter_id: int) -> str:
    """One matter in full, with its history."""
    return _matter_page(matter_id, None)


@blueprint.post("/<int:matter_id>")
@may(Capability.PREPARE_MATTERS)
def change_here(matter_id: int) -> Answer:
    """Change one matter."""
    return _filled_in(matter_id)


@blueprint.get("/<int:matter_id>/edit")
@may(Capability.PREPARE_MATTERS)
def edit(matter_id: int) -> str:
    """The form of one matter as it stands."""
    agency_id = current_actor().agency_id
    held = matter(agency_id, matter_id)
    names = department_names(agency_id)
    return _form_page(held, {name: cell_text(name, getattr(held, name), names) for name in FIELDS}, ())


@blueprint.post("/<int:matter_id>/ratio-answers")
@may(Capability.PREPARE_MATTERS)
def answer_here(matter_id: int) -> Answer:
    """Say what a ratio in prose means."""
    try:
        frequency = request.form.get("frequency", "")
        actions.answer_ratio(current_actor(), matter_id, _share_entered(), frequency)
    except Refusal as refusal:
        return _ratios_page(refusal), refusal.problem.status
    left = unread_ratios(current_actor().agency_id)
    return redirect(url_for("matters.ratios" if left else "matters.matters"), 303)


@blueprint.post("/<int:matter_id>/suspensions")
@may(Capability.PREPARE_MATTERS)
def suspend_here(matter_id: int) -> Answer:
    """Suspend a matter."""
    return _put_aside(matter_id, actions.suspend_matter)


@blueprint.post("/<int:matter_id>/abolitions")
@may(Capability.PREPARE_MATTERS)
def abolish_here(matter_id: int) -> Answer:
    """Abolish a matter."""
    return _put_aside(matter_id, actions.abolish_matter)


@blueprint.post("/<int:matter_id>/resumptions")
@may(Capability.PREPARE_MATTERS)
def resume_here(matter_id: int) -> Answer:
    """End a suspension."""
    return _put_aside(matter_id, lambda actor, held, _reason: actions.resume_matter(actor, held))


@blueprint.post("/versions")
@may(Capability.PREPARE_MATTERS)
def submit_here() -> Answer:
    """Put the list forward for approval."""
    return _stepped(lambda: actions.submit_list(current_actor()))


@blueprint.get("/versions/<int:version_id>")
@may(Capability.USE_OFFICE)
def one_version(version_id: int) -> str:
    """A version as it was submitted, and what it changed."""
    agency_id = current_actor().agency_id
    held = version(agency_id, version_id)
    earlier = version_before(held)
    return render_template(
        "matters/version.html",
        held=held,
        earlier=earlier,
        found=differences_between(earlier.snapshot, held.snapshot) if earlier else None,
        departments=department_names(agency_id),
        profile=profile_for(agency_id),
        labels=LABELS,
        said=speller(department_names(agency_id)),
        classes=CLASSES,
        statuses=LIST_STATUSES,
        said_ratio=ratio_of_row,
    )


@blueprint.get("/versions/<int:version_id>/list.xlsx")
@may(Capability.USE_OFFICE)
def export_version(version_id: int) -> Response:
    """A version in the columns of the import."""
    agency_id = current_actor().agency_id
    held = version(agency_id, version_id)
    content = list_sheet(held.snapshot, department_names(agency_id))
    return spreadsheet(content, f"抽查事项清单第{held.version}版.xlsx")


@blueprint.get("/differences")
@may(Capability.USE_OFFICE)
def compare_versions() -> str:
    """Two versions, or a version and the list as it stands, and what differs."""
    agency_id = current_actor().agency_id
    versions = versions_of(agency_id)
    options = [(str(each.version), f"第 {each.version} 版") for each in versions] + [(NOW, "现在的清单")]
    earlier = request.args.get("from", str(versions[0].version) if versions else NOW)
    later = request.args.get("to", NOW)
    return render_template(
        "matters/differences.html",
        options=options,
        earlier=earlier,
        later=later,
        names=dict(options),
        found=differences_between(_rows(agency_id, earlier), _rows(agency_id, later)),
        labels=LABELS,
        said=speller(department_names(agency_id)),
    )


@blueprint.post("/versions/<int:version_id>/approvals")
@may(Capability.APPROVE_MATTERS)
def approve_here(version_id: int) -> Answer:
    """Approve a version."""
    return _stepped(lambda: actions.approve_list(current_actor(), version_id))


@blueprint.post("/versions/<int:version_id>/returns")
@may(Capability.APPROVE_MATTERS)
def return_here(version_id: int) -> Answer:
    """Send a version back."""
    reason = request.form.get("reason", "")
    return _stepped(lambda: actions.return_list(current_actor(), version_id, reason))


@blueprint.post("/versions/<int:version_id>/publications")
@may(Capability.PUBLISH_MATTERS)
def publish_here(version_id: int) -> Answer:
    """Put an approved version in force."""
    return _stepped(lambda: actions.publish_list(current_actor(), version_id))


def _stepped(step: Callable[[], object]) -> Answer:
    try:
        step()
    except Refusal as refusal:
        return _list_page(refusal), refusal.problem.status
    return redirect(url_for("matters.matters"), 303)


def _put_aside(matter_id: int, step: Callable[..., object]) -> Answer:
    try:
        step(current_actor(), matter_id, request.form.get("reason", ""))
    except Refusal as refusal:
        return _matter_page(matter_id, refusal), refusal.problem.status
    return redirect(url_for("matters.one", matter_id=matter_id), 303)


def _filled_in(matter_id: int | None) -> Answer:
    actor = current_actor()
    entered = {name: request.form.get(name, "") for name in FIELDS}
    outcome = actions.fill_in_matter(actor, entered, matter_id)
    if isinstance(outcome, Matter):
        own_page = url_for("matters.one", matter_id=outcome.id)
        return redirect(url_for("matters.ratios") if is_unread(outcome) else own_page, 303)
    held = matter(actor.agency_id, matter_id) if matter_id is not None else None
    return _form_page(held, entered, outcome), 422


def _share_entered() -> Share | None:
    entered = request.form.get("share", "")
    words = request.form.get("other", "") if entered == "other" else entered
    try:
        reading = read_ratio(words)
    except ValueError as error:
        raise Refusal(INVALID_INPUT, detail=str(error)) from None
    if not words.strip() or not reading.certain:
        raise Refusal(INVALID_INPUT, detail="请选一个比例，或另填一个，如 5%、1/20")
    return reading.share


def _idle(profile: RuleProfile, matters: Sequence[Matter], last_used: Mapping[int, date]) -> dict[int, date]:
    """Since when those of the matters are unused that the rules would have looked at again."""
    if not matters:
        return {}
    listed, years = first_published(matters[0].agency_id), profile.count("matter.idle_years")
    found = {
        held.id: idle_since(listed.get(held.id), last_used.get(held.id), today(), years) for held in matters
    }
    return {number: since for number, since in found.items() if since is not None}


def _rows(agency_id: int, chosen: str) -> Sequence[Row]:
    if chosen == NOW:
        return list_as_it_stands(agency_id)
    return version_numbered(agency_id, int(chosen) if chosen.isdecimal() else 0).snapshot


def _list_page(refusal: Refusal | None) -> str:
    agency_id = current_actor().agency_id
    versions, profile = versions_of(agency_id), profile_for(agency_id)
    return render_template(
        "matters/list.html",
        matters=matters_of(agency_id),
        idle=partial(_idle, profile),
        abolished=abolished_matters(agency_id),
        unread=unread_ratios(agency_id),
        versions=versions,
        open_version=versions[0] if versions and versions[0].status != "published" else None,
        departments=department_names(agency_id),
        profile=profile,
        may_approve=may_sign(current_actor(), profile, "matter.signatories"),
        refusal=refusal,
        classes=CLASSES,
        statuses=STATUSES,
        list_statuses=LIST_STATUSES,
        said_ratio=ratio_of_matter,
        is_unread=is_unread,
        capability=Capability,
    )


def _matter_page(matter_id: int, refusal: Refusal | None) -> str:
    agency_id = current_actor().agency_id
    held = matter(agency_id, matter_id)
    names, profile = department_names(agency_id), profile_for(agency_id)
    return render_template(
        "matters/matter.html",
        matter=held,
        idle=partial(_idle, profile),
        unread=is_unread(held),
        department=names.get(held.department_id or 0, ""),
        history=told(changes_of(agency_id, "matter", held.id), LABELS, speller(names)),
        refusal=refusal,
        profile=profile,
        classes=CLASSES,
        statuses=STATUSES,
        said_ratio=ratio_of_matter,
        capability=Capability,
    )


def _form_page(held: Matter | None, entered: Mapping[str, str], faults: tuple[Fault, ...]) -> str:
    agency_id = current_actor().agency_id
    profile = profile_for(agency_id)
    known = matter_columns(agency_id)
    return render_template(
        "matters/form.html",
        matter=held,
        columns=known,
        demands=demands_of(known, profile.words("matter.fields"), profile.cite("matter.fields")),
        entered=entered,
        faults=faults,
        errors={fault.address: fault.sentence for fault in faults},
        department_options=[(name, name) for name in department_names(agency_id).values()],
        kind_options=[(words, words) for words in KINDS.values()],
        long_fields=LONG_FIELDS,
        profile=profile,
    )


def _ratios_page(refusal: Refusal | None) -> str:
    agency_id = current_actor().agency_id
    return render_template(
        "matters/ratios.html",
        unread=unread_ratios(agency_id),
        mentioned={held.id: mentioned_shares(held.ratio_text) for held in unread_ratios(agency_id)},
        ratio_words=ratio_words,
        profile=profile_for(agency_id),
        refusal=refusal,
        classes=CLASSES,
    )
