"""The pages by which the directory is cared for: entering, flags, likenesses, transfers, classified directories, views."""

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.core.errors import INVALID_INPUT, Refusal
from backend.foundation.accounts.queries import departments_of
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.clock import today
from backend.plumbing.db import transaction
from backend.registers.columns.rules import demands_of
from backend.registers.entities.directories import describe, directory_lines
from backend.registers.entities.entering import enter_entity
from backend.registers.entities.flagging import end_flag, raise_flag
from backend.registers.entities.merging import likenesses, merge, take_back
from backend.registers.entities.pages import entity_page, list_page
from backend.registers.entities.private_numbers import NUMBERS, unmask
from backend.registers.entities.queries import entity, entity_columns
from backend.registers.entities.rules import (
    FLAGS,
    KINDS,
    STATUSES,
    STATUSES_TO_SET,
    TRANSFER_STATES,
    TRANSFERS_HERE,
)
from backend.registers.entities.saved_views import forget_view, save_view
from backend.registers.entities.transfers import answer, send, transfers_with, withdraw

blueprint = Blueprint("entity_care", __name__, url_prefix="/office/entities", template_folder="templates")

Answer = tuple[str, int] | Response
FILTER_NAMES = ("q", "grade", "region", "industry", "directory", "flag", "kind", "status", "department")
"""What the list's address may hold; any other field would break the view's link."""


@blueprint.get("/new")
@may(Capability.KEEP_ENTITIES)
def new() -> str:
    """The form of one entity."""
    return _form_page(None)


@blueprint.post("/new")
@may(Capability.KEEP_ENTITIES)
def enter_here() -> Answer:
    """Enter one entity by hand."""
    entered = {name: text for name, text in request.form.items() if name != "flags"}
    entered["flags"] = "、".join(request.form.getlist("flags"))
    try:
        made = enter_entity(current_actor(), entered)
    except Refusal as refusal:
        return _form_page(refusal), refusal.problem.status
    return redirect(url_for("entities.one", entity_id=made.id), 303)


@blueprint.post("/<int:entity_id>/flags")
@may(Capability.KEEP_ENTITIES)
def flag_here(entity_id: int) -> Answer:
    """Flag the entity, with source and last day."""
    entity(current_actor().agency_id, entity_id)
    asked = request.form
    try:
        since, until = _day("since") or today(), _day("until")
        raise_flag(current_actor(), entity_id, asked.get("flag", ""), asked.get("source", ""), since, until)
    except Refusal as refusal:
        return entity_page(entity_id, refusal), refusal.problem.status
    return redirect(url_for("entities.one", entity_id=entity_id, _anchor="flags"), 303)


@blueprint.post("/<int:entity_id>/flag-ends")
@may(Capability.KEEP_ENTITIES)
def end_flag_here(entity_id: int) -> Answer:
    """Take a flag off."""
    entity(current_actor().agency_id, entity_id)
    try:
        end_flag(current_actor(), entity_id, request.form.get("flag", ""), request.form.get("reason", ""))
    except Refusal as refusal:
        return entity_page(entity_id, refusal), refusal.problem.status
    return redirect(url_for("entities.one", entity_id=entity_id, _anchor="flags"), 303)


@blueprint.post("/<int:entity_id>/numbers")
@may(Capability.SEE_PRIVATE_NUMBERS)
def number(entity_id: int) -> str:
    """One personal number whole, on a page of its own; a post, because looking leaves a trace."""
    found = entity(current_actor().agency_id, entity_id)
    name = request.form.get("number", "")
    shown = unmask(current_actor(), entity_id, name)
    return render_template("entities/number.html", entity=found, label=NUMBERS[name], number=shown)


@blueprint.get("/likenesses")
@may(Capability.KEEP_ENTITIES)
def alike() -> str:
    """Entries that may be one and the same."""
    return _likeness_page(None)


@blueprint.post("/merges")
@may(Capability.KEEP_ENTITIES)
def merge_here() -> Answer:
    """Let the entry that the person keeps stand for the others they ticked."""
    kept = request.form.get("kept", type=int)
    others = [number for number in request.form.getlist("merged", type=int) if number != kept]
    try:
        if kept is None or not others:
            raise Refusal(INVALID_INPUT, detail="先选保留哪一户，再勾选要并进去的")
        with transaction():
            for other in others:
                merge(current_actor(), kept, other, request.form.get("reason", ""))
    except Refusal as refusal:
        return _likeness_page(refusal), refusal.problem.status
    return redirect(url_for("entities.one", entity_id=kept, _anchor="merges"), 303)


@blueprint.post("/merges/<int:merge_id>/undoings")
@may(Capability.KEEP_ENTITIES)
def take_back_here(merge_id: int) -> Answer:
    """Undo a merge."""
    try:
        take_back(current_actor(), merge_id, request.form.get("reason", ""))
    except Refusal as refusal:
        return _likeness_page(refusal), refusal.problem.status
    return redirect(url_for("entity_care.alike"), 303)


@blueprint.get("/transfers")
@may(Capability.KEEP_ENTITIES)
def transfers() -> str:
    """What is handed to us and by us."""
    return _transfers_page(None)


@blueprint.post("/<int:entity_id>/transfers")
@may(Capability.KEEP_ENTITIES)
def send_here(entity_id: int) -> Answer:
    """Send the written notice of a transfer."""
    entity(current_actor().agency_id, entity_id)
    asked = request.form
    try:
        send(
            current_actor(),
            entity_id,
            asked.get("to_agency", type=int),
            asked.get("to_name", ""),
            asked.get("notice_no", ""),
            asked.get("reason", ""),
        )
    except Refusal as refusal:
        return entity_page(entity_id, refusal), refusal.problem.status
    return redirect(url_for("entity_care.transfers"), 303)


@blueprint.post("/transfers/<int:transfer_id>/answers")
@may(Capability.KEEP_ENTITIES)
def answer_here(transfer_id: int) -> Answer:
    """Accept or decline."""
    accepted = request.form.get("accepted") == "1"
    try:
        answer(current_actor(), transfer_id, accepted, request.form.get("answer", ""))
    except Refusal as refusal:
        return _transfers_page(refusal), refusal.problem.status
    return redirect(url_for("entity_care.transfers"), 303)


@blueprint.post("/transfers/<int:transfer_id>/withdrawals")
@may(Capability.KEEP_ENTITIES)
def withdraw_here(transfer_id: int) -> Answer:
    """Take the notice back."""
    try:
        withdraw(current_actor(), transfer_id)
    except Refusal as refusal:
        return _transfers_page(refusal), refusal.problem.status
    return redirect(url_for("entity_care.transfers"), 303)


@blueprint.get("/directories")
@may(Capability.USE_OFFICE)
def directories() -> str:
    """The comprehensive directory and the classified ones."""
    return _directories_page(None)


@blueprint.post("/directories")
@may(Capability.KEEP_ENTITIES)
def describe_here() -> Answer:
    """Describe a classified directory."""
    asked = request.form
    try:
        describe(current_actor(), asked.get("name", ""), asked, asked.get("department", type=int))
    except Refusal as refusal:
        return _directories_page(refusal), refusal.problem.status
    return redirect(url_for("entity_care.directories"), 303)


@blueprint.post("/views")
@may(Capability.USE_OFFICE)
def save_view_here() -> Answer:
    """Keep the list's filters under a name."""
    asked: dict[str, Any] = {name: request.form[name] for name in FILTER_NAMES if request.form.get(name)}
    try:
        save_view(current_actor(), request.form.get("name", ""), asked)
    except Refusal as refusal:
        return list_page(asked, refusal), refusal.problem.status
    return redirect(url_for("entities.entities", **asked), 303)


@blueprint.post("/views/<int:view_id>/endings")
@may(Capability.USE_OFFICE)
def forget_view_here(view_id: int) -> Answer:
    """Delete one of one's own views."""
    try:
        forget_view(current_actor(), view_id)
    except Refusal as refusal:
        return list_page({}, refusal), refusal.problem.status
    return redirect(url_for("entities.entities"), 303)


def _form_page(refusal: Refusal | None) -> str:
    agency_id = current_actor().agency_id
    columns = entity_columns(agency_id)
    profile = profile_for(agency_id)
    return render_template(
        "entities/form.html",
        columns=columns,
        demands=demands_of(columns, profile.words("entity.fields"), profile.cite("entity.fields")),
        entered=request.form,
        chosen_flags=request.form.getlist("flags"),
        kind_options=[(word, word) for word in KINDS.values()],
        status_options=[(word, word) for word in STATUSES_TO_SET.values()],
        flags=FLAGS,
        departments=departments_of(agency_id),
        profile=profile,
        refusal=refusal,
    )


def _likeness_page(refusal: Refusal | None) -> str:
    found = likenesses(current_actor().agency_id)
    return render_template(
        "entities/likenesses.html",
        likenesses=found,
        statuses=STATUSES,
        chosen=request.form.getlist("merged", type=int),
        kept=request.form.get("kept", type=int),
        entered=request.form,
        refusal=refusal,
    )


def _transfers_page(refusal: Refusal | None) -> str:
    incoming, outgoing = transfers_with(current_actor().agency_id)
    return render_template(
        "entities/transfers.html",
        incoming=incoming,
        outgoing=outgoing,
        states=TRANSFER_STATES,
        states_here=TRANSFERS_HERE,
        refusal=refusal,
    )


def _directories_page(refusal: Refusal | None) -> str:
    agency_id = current_actor().agency_id
    departments = departments_of(agency_id)
    return render_template(
        "entities/directories.html",
        lines=directory_lines(agency_id),
        departments=departments,
        names={department.id: department.name for department in departments},
        profile=profile_for(agency_id),
        entered=request.form,
        asked=request.args.get("name", ""),
        capability=Capability,
        refusal=refusal,
    )


def _day(name: str) -> date | None:
    entered = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(entered) if entered else None
    except ValueError:
        raise Refusal(INVALID_INPUT, detail=f"“{entered}”不是日期") from None
