"""The office's first page."""

from flask import Blueprint, render_template, request

from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.planning.annual_plan.queries import plan_of
from backend.planning.draw.queries import draws_of
from backend.planning.draw.words import STATUSES
from backend.planning.draw.yearly_cap import entities_at_their_cap
from backend.plumbing.clock import today
from backend.records.worklist.plan_progress import plan_progress, progress_of
from backend.records.worklist.queries import work_for
from backend.records.worklist.rules import most_urgent
from backend.records.worklist.teams import teams_outside

blueprint = Blueprint("worklist", __name__, url_prefix="/office", template_folder="templates")

SHOWN = 12
RECENT_DRAWS = 3


@blueprint.get("/")
@may(Capability.USE_OFFICE)
def work_list() -> str:
    """What waits for this person, by deadline; teams outside beside it."""
    actor = current_actor()
    items = work_for(actor, today())
    return render_template(
        "worklist/work_list.html",
        items=items,
        shown=items if request.args.get("all") else items[:SHOWN],
        urgent=most_urgent(items, today()),
        progress_lines=plan_progress(actor.agency_id, today().year),
        teams=teams_outside(actor.agency_id),
        capped=entities_at_their_cap(actor.agency_id),
        cap=profile_for(actor.agency_id).get("cap.value"),
        draws=draws_of(actor.agency_id)[:RECENT_DRAWS],
        draw_states=STATUSES,
    )


@blueprint.get("/plans/<int:plan_id>/progress")
@may(Capability.SEE_PLANNING)
def progress_of_plan(plan_id: int) -> str:
    """Each line of one plan: planned, drawn, inspected, public."""
    plan = plan_of(current_actor().agency_id, plan_id)
    return render_template("worklist/plan_progress.html", plan=plan, lines=progress_of(plan))
