"""The trail on a page: newest first, for those who oversee."""

from flask import Blueprint, render_template, request

from backend.foundation.audit.queries import chain_fault, newest_entries
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability

blueprint = Blueprint("audit", __name__, url_prefix="/office/audit", template_folder="templates")

PAGE = 50


@blueprint.get("")
@may(Capability.SEE_AUDIT)
def trail() -> str:
    """Fifty entries and whether the chain holds."""
    agency_id = current_actor().agency_id
    before = request.args.get("before", type=int)
    entries = newest_entries(agency_id, before, PAGE)
    return render_template("audit/trail.html", entries=entries, fault=chain_fault(agency_id), page_size=PAGE)
