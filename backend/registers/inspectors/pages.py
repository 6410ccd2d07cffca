"""The inspector directory in the office."""

from flask import Blueprint, render_template, request

from backend.foundation.accounts.queries import departments_of
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.clock import today
from backend.registers.inspectors.queries import inspectors_of
from backend.registers.inspectors.rules import SEXES, STATUSES, may_be_drawn

blueprint = Blueprint("inspectors", __name__, url_prefix="/office/inspectors", template_folder="templates")


@blueprint.get("")
@may(Capability.USE_OFFICE)
def inspectors() -> str:
    """Everyone in the directory, and who of them may be drawn today."""
    agency_id = current_actor().agency_id
    department_id = request.args.get("department", type=int)
    found = inspectors_of(agency_id, department_id)
    drawable = {
        person.id
        for person in found
        if may_be_drawn(person.status, person.is_expert, person.certificate_valid_to, today())
    }
    return render_template(
        "inspectors/list.html",
        inspectors=found,
        drawable=drawable,
        departments={department.id: department.name for department in departments_of(agency_id)},
        department_id=department_id,
        profile=profile_for(agency_id),
        sexes=SEXES,
        statuses=STATUSES,
        capability=Capability,
    )
