"""Trainings in the office: the year's plan, what was held and who came."""

from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from backend.core.errors import Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.clock import today
from backend.registers.inspectors.queries import inspectors_of
from backend.registers.training import actions
from backend.registers.training.queries import attendances, training, trainings_of_year
from backend.registers.training.rules import KINDS, STATUSES, is_late

blueprint = Blueprint("training", __name__, url_prefix="/office/trainings", template_folder="templates")

Answer = str | tuple[str, int] | Response


@blueprint.get("")
@may(Capability.USE_OFFICE)
def trainings() -> str:
    """The year's trainings, and the form to plan one."""
    return _list_page(None)


@blueprint.post("")
@may(Capability.KEEP_INSPECTORS)
def plan_here() -> Answer:
    """Plan one."""
    form = request.form
    try:
        planned = actions.plan_training(
            current_actor(), form.get("title", ""), form.get("kind", ""), form.get("content", ""), _day("day")
        )
    except Refusal as refusal:
        return _list_page(refusal), refusal.problem.status
    return redirect(url_for("training.one", training_id=planned.id), 303)


@blueprint.get("/<int:training_id>")
@may(Capability.USE_OFFICE)
def one(training_id: int) -> str:
    """One training and who took part."""
    return _page(training_id, None)


@blueprint.post("/<int:training_id>/attendances")
@may(Capability.KEEP_INSPECTORS)
def hold_here(training_id: int) -> Answer:
    """It was held, and these took part."""
    attended = request.form.getlist("attended", type=int)
    try:
        actions.hold_training(current_actor(), training_id, _day("day"), attended)
    except Refusal as refusal:
        return _page(training_id, refusal), refusal.problem.status
    return redirect(url_for("training.one", training_id=training_id), 303)


@blueprint.post("/<int:training_id>/droppings")
@may(Capability.KEEP_INSPECTORS)
def drop_here(training_id: int) -> Answer:
    """Take it out of the plan."""
    try:
        actions.drop_training(current_actor(), training_id)
    except Refusal as refusal:
        return _page(training_id, refusal), refusal.problem.status
    return redirect(url_for("training.trainings"), 303)


def _list_page(refusal: Refusal | None) -> str:
    agency_id = current_actor().agency_id
    year = request.args.get("year", today().year, type=int)
    year = year if 2000 <= year <= 2100 else today().year
    found = trainings_of_year(agency_id, year)
    return render_template(
        "training/list.html",
        trainings=found,
        year=year,
        held=[one for one in found if one.status == "held"],
        attendances=attendances(one for one in found if one.status == "held"),
        late={one.id for one in found if is_late(one.status, one.day, today())},
        kinds=KINDS,
        statuses=STATUSES,
        profile=profile_for(agency_id),
        entered=request.form,
        refusal=refusal,
        capability=Capability,
    )


def _page(training_id: int, refusal: Refusal | None) -> str:
    agency_id = current_actor().agency_id
    held = training(agency_id, training_id)
    came = {attendance.inspector_id for attendance in held.attendances}
    people = [person for person in inspectors_of(agency_id) if person.status == "active" or person.id in came]
    return render_template(
        "training/training.html",
        training=held,
        came=[person for person in people if person.id in came],
        options=[(person.id, person.name) for person in people],
        chosen=request.form.getlist("attended", type=int) or sorted(came),
        late=is_late(held.status, held.day, today()),
        kinds=KINDS,
        statuses=STATUSES,
        profile=profile_for(agency_id),
        refusal=refusal,
        capability=Capability,
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None
