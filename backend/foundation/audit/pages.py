"""The trail on a page: newest first, for those who oversee."""

from flask import Blueprint, render_template, request

from backend.foundation.audit.queries import chain_fault, newest_entries, piece_fault
from backend.foundation.audit.words import SUBJECTS, VERBS
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability

blueprint = Blueprint("audit", __name__, url_prefix="/office/audit", template_folder="templates")

PAGE = 50


@blueprint.get("")
@may(Capability.SEE_AUDIT)
def trail() -> str:
    """Fifty entries and whether they join; `?whole=1` walks the whole chain, which takes its time."""
    agency_id = current_actor().agency_id
    entries = newest_entries(agency_id, request.args.get("before", type=int), PAGE)
    whole = request.args.get("whole") == "1"
    fault = chain_fault(agency_id) if whole else piece_fault(agency_id, entries)
    return render_template(
        "audit/trail.html",
        entries=entries,
        fault=fault,
        whole=whole,
        page_size=PAGE,
        verbs=VERBS,
        subjects=SUBJECTS,
    )
