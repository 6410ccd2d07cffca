"""The front page, search first, and how to object."""

from flask import Blueprint, current_app, render_template, request

from backend.core.errors import Refusal
from backend.decisions.objections.queries import lodge_deadline
from backend.decisions.results.codes import result_codes
from backend.foundation.accounts.models import Agency
from backend.foundation.accounts.queries import agency as agency_of
from backend.foundation.accounts.queries import agency_by_code
from backend.foundation.permissions.access import anyone
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.clock import today
from backend.public_site.draws.queries import announced_draws
from backend.public_site.lists.queries import lists_in_force, planned_years
from backend.public_site.results.queries import Search, public_result, search_results, totals_of

blueprint = Blueprint("public_front", __name__, template_folder="templates")

NEWEST = 5


@blueprint.app_context_processor
def site_name() -> dict[str, str]:
    """The name over every public page: the agency's, where the installation serves one."""
    agency = _own_agency()
    return {"site_name": f"{agency.name}“双随机、一公开”监管" if agency else ""}


@blueprint.get("/")
@anyone
def home() -> str:
    """Search, the newest results, the newest draws."""
    results, entities, found = totals_of(today().year)
    return render_template(
        "public_front/home.html",
        section="home",
        lines=search_results(Search(), None, NEWEST),
        draws=announced_draws(None, NEWEST),
        matter_count=sum(len(one.held.snapshot) for one in lists_in_force()),
        years=planned_years(),
        totals={"results": results, "entities": entities, "found": found},
        codes=result_codes(),
        day=today(),
    )


@blueprint.get("/objection")
@anyone
def objection() -> str:
    """How, where and until when to object; with `no`, to this very result."""
    line = None
    if number := request.args.get("no", ""):
        try:
            line = public_result(number)
        except Refusal:
            line = None
    agency = agency_of(line.result.agency_id) if line else _own_agency()
    return render_template(
        "public_front/objection.html",
        section="objection",
        line=line,
        agency=agency,
        lodge=lodge_deadline(line.result) if line else None,
        profile=profile_for(agency.id) if agency else None,
        codes=result_codes(),
    )


def _own_agency() -> Agency | None:
    code: str = current_app.config["SETTINGS"].public_agency
    return agency_by_code(code) if code else None
