"""The inspector and expert directories in the office: lists, one person, leaves."""

from collections.abc import Mapping
from datetime import date

from flask import Blueprint, Response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from backend.core.errors import INVALID_INPUT, Refusal
from backend.foundation.accounts.queries import departments_of, people_of, user_by_login
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.clock import today
from backend.plumbing.web.downloads import spreadsheet
from backend.registers.changes.queries import changes_of, told
from backend.registers.columns.rules import Fault, demands_of
from backend.registers.inspectors import actions
from backend.registers.inspectors.columns import cell_text, columns
from backend.registers.inspectors.logins import GivenLogin, login_for, open_logins
from backend.registers.inspectors.models import Inspector
from backend.registers.inspectors.portraits import keep_portrait, portrait_held
from backend.registers.inspectors.queries import (
    FIELDS,
    Filters,
    bars,
    inspector,
    inspector_columns,
    inspectors_of,
    leaves_of,
    people_in,
    without_login,
)
from backend.registers.inspectors.rules import ESTABLISHMENTS, LEAVES, SEXES, runs_out_soon

blueprint = Blueprint("inspectors", __name__, url_prefix="/office/inspectors", template_folder="templates")

Answer = str | tuple[str, int] | AnyResponse
LABELS = {column.field: column.heading for column in columns({}, {})}


@blueprint.get("")
@may(Capability.USE_OFFICE)
def inspectors() -> str:
    """The inspectors, who of them may be drawn today, and why the others may not; or the experts."""
    agency_id, filters = current_actor().agency_id, _filters()
    found = people_in(agency_id, filters)
    everyone = [person for person in inspectors_of(agency_id) if person.is_expert == filters.experts]
    return render_template(
        "inspectors/list.html",
        inspectors=found,
        bars={person.id: bar for person, bar in bars(agency_id, today(), today())},
        regions=sorted({region for person in everyone for region in person.regions}),
        specialities=sorted({one for person in everyone for one in person.specialities}),
        departments=_departments(),
        filters=filters,
        establishments=ESTABLISHMENTS,
        without_login=[] if filters.experts else without_login(agency_id),
        soon={person.id for person in found if runs_out_soon(person.certificate_valid_to, today())},
        profile=profile_for(agency_id),
        sexes=SEXES,
        capability=Capability,
    )


@blueprint.post("")
@may(Capability.KEEP_INSPECTORS)
def enter_here() -> Answer:
    """Enter one person."""
    return _filled_in(None)


@blueprint.get("/new")
@may(Capability.KEEP_INSPECTORS)
def new() -> str:
    """The form of one person."""
    return _form_page(None, {"is_expert": "是"} if _filters().experts else {}, ())


@blueprint.get("/logins")
@may(Capability.KEEP_INSPECTORS)
def logins() -> str:
    """Who of the inspectors in post cannot log in."""
    return _logins_page([])


@blueprint.post("/logins")
@may(Capability.MANAGE_PEOPLE)
def open_logins_here() -> str:
    """Give them all a login; the passwords are on the answer and nowhere else."""
    return _logins_page(open_logins(current_actor()))


@blueprint.get("/directory.xlsx")
@may(Capability.KEEP_INSPECTORS)
def export() -> Response:
    """What the filters leave, in the columns of the import."""
    filters = _filters()
    name = "专家名录.xlsx" if filters.experts else "执法检查人员名录.xlsx"
    return spreadsheet(actions.export_inspectors(current_actor(), filters), name)


@blueprint.get("/<int:inspector_id>")
@may(Capability.USE_OFFICE)
def one(inspector_id: int) -> str:
    """One person: certificate, groups, leaves, training, history."""
    return _person_page(inspector_id, None)


@blueprint.post("/<int:inspector_id>")
@may(Capability.KEEP_INSPECTORS)
def change_here(inspector_id: int) -> Answer:
    """Change one person."""
    return _filled_in(inspector_id)


@blueprint.get("/<int:inspector_id>/edit")
@may(Capability.KEEP_INSPECTORS)
def edit(inspector_id: int) -> str:
    """The form of one person as they stand."""
    held = inspector(current_actor().agency_id, inspector_id)
    return _form_page(held, {name: _spelled(name, getattr(held, name)) for name in FIELDS}, ())


@blueprint.get("/<int:inspector_id>/portrait")
@may(Capability.USE_OFFICE)
def portrait_here(inspector_id: int) -> Response:
    """The photo that is shown at the door."""
    person = inspector(current_actor().agency_id, inspector_id)
    return send_file(portrait_held(person.agency_id, person.portrait or ""), "image/jpeg")


@blueprint.post("/<int:inspector_id>/portraits")
@may(Capability.KEEP_INSPECTORS)
def keep_portrait_here(inspector_id: int) -> Answer:
    """Take over a photo."""
    sent = request.files.get("picture")
    try:
        if sent is None or not sent.filename:
            raise Refusal(INVALID_INPUT, detail="请选一张照片")
        keep_portrait(current_actor(), inspector_id, sent.stream)
    except Refusal as refusal:
        if refusal.problem.status == 404:
            raise
        return _person_page(inspector_id, refusal), refusal.problem.status
    return redirect(url_for("inspectors.one", inspector_id=inspector_id), 303)


@blueprint.post("/<int:inspector_id>/leaves")
@may(Capability.KEEP_INSPECTORS)
def enter_leave_here(inspector_id: int) -> Answer:
    """Somebody is away."""
    form = request.form
    try:
        actions.enter_leave(current_actor(), inspector_id, form.get("kind", ""), _day("first"), _day("last"))
    except Refusal as refusal:
        return _person_page(inspector_id, refusal), refusal.problem.status
    return redirect(url_for("inspectors.one", inspector_id=inspector_id), 303)


@blueprint.post("/leaves/<int:leave_id>/cancellations")
@may(Capability.KEEP_INSPECTORS)
def cancel_leave_here(leave_id: int) -> Answer:
    """Somebody is not away after all."""
    inspector_id = actions.cancel_leave(current_actor(), leave_id)
    return redirect(url_for("inspectors.one", inspector_id=inspector_id), 303)


def _filled_in(inspector_id: int | None) -> Answer:
    actor = current_actor()
    entered = {name: request.form.get(name, "") for name in FIELDS}
    outcome = actions.fill_in_inspector(actor, entered, inspector_id)
    if isinstance(outcome, Inspector):
        return redirect(url_for("inspectors.one", inspector_id=outcome.id), 303)
    held = inspector(actor.agency_id, inspector_id) if inspector_id is not None else None
    return _form_page(held, entered, outcome), 422


def _person_page(inspector_id: int, refusal: Refusal | None) -> str:
    agency_id = current_actor().agency_id
    held = inspector(agency_id, inspector_id)
    return render_template(
        "inspectors/person.html",
        person=held,
        bar=next(bar for person, bar in bars(agency_id, today(), today()) if person.id == held.id),
        soon=runs_out_soon(held.certificate_valid_to, today()),
        department=_departments().get(held.department_id or 0, ""),
        leaves=leaves_of(agency_id, held.id),
        leave_words=LEAVES,
        establishments=ESTABLISHMENTS,
        history=told(changes_of(agency_id, "inspector", held.id), LABELS, _spelled),
        profile=profile_for(agency_id),
        sexes=SEXES,
        entered=request.form,
        refusal=refusal,
        capability=Capability,
    )


def _logins_page(given: list[GivenLogin]) -> str:
    missing = without_login(current_actor().agency_id)
    return render_template(
        "inspectors/logins.html",
        given=given,
        missing=[(person, login_for(person), user_by_login(login_for(person))) for person in missing],
        capability=Capability,
    )


def _form_page(held: Inspector | None, entered: Mapping[str, str], faults: tuple[Fault, ...]) -> str:
    agency_id = current_actor().agency_id
    profile, known = profile_for(agency_id), inspector_columns(agency_id)
    return render_template(
        "inspectors/form.html",
        person=held,
        columns=known,
        demands=demands_of(known, profile.words("inspector.fields"), profile.cite("inspector.fields")),
        entered=entered,
        faults=faults,
        errors={fault.address: fault.sentence for fault in faults},
        choices_of={
            "establishment": ["", *ESTABLISHMENTS.values()],
            "sex": ["男", "女", "未说明"],
            "status": ["在岗", "离岗"],
            "is_expert": ["否", "是"],
            "department_id": ["", *_departments().values()],
            "user_id": ["", *_logins().values()],
        },
        names_of={person.login: f"{person.login}　{person.name}" for person in people_of(agency_id)},
        profile=profile,
    )


def _spelled(name: str, value: object) -> str:
    return cell_text(name, value, _departments(), _logins())


def _departments() -> dict[int, str]:
    return {department.id: department.name for department in departments_of(current_actor().agency_id)}


def _logins() -> dict[int, str]:
    return {person.id: person.login for person in people_of(current_actor().agency_id)}


def _filters() -> Filters:
    asked = request.args
    return Filters(
        experts=asked.get("kind") == "experts",
        department_id=asked.get("department", type=int),
        region=asked.get("region", ""),
        speciality=asked.get("speciality", ""),
    )


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None
