"""The outlook of a task before its draw, and the list behind each of its numbers."""

from flask import Blueprint, render_template, request, url_for

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.planning.draw.views import stratum_words
from backend.planning.prospects.queries import entities_by_id, outlook_of
from backend.planning.tasks.queries import rules_of_task, task_of

blueprint = Blueprint("prospects", __name__, url_prefix="/office/tasks", template_folder="templates")

PAGE = 100


@blueprint.get("/<int:task_id>/prospect")
@may(Capability.HOLD_DRAW)
def prospect(task_id: int) -> str:
    """In range, left out, exempt, flagged, under way, left: by stratum, each reason with its list."""
    task = task_of(current_actor().agency_id, task_id)
    return render_template(
        "prospects/prospect.html",
        task=task,
        outlook=outlook_of(task),
        stratum_words=stratum_words,
        profile=rules_of_task(task.id),
        capability=Capability,
    )


@blueprint.get("/<int:task_id>/prospect/<group_key>")
@may(Capability.HOLD_DRAW)
def group(task_id: int, group_key: str) -> str:
    """The entities behind one number."""
    task = task_of(current_actor().agency_id, task_id)
    found = next((held for held in outlook_of(task).groups if held.key == group_key), None)
    if found is None:
        raise Refusal(NOT_FOUND, what="这一组对象")
    first = max(0, request.args.get("first", 0, type=int))
    shown = found.entity_ids[first : first + PAGE]

    def at(place: int) -> str | None:
        here = 0 <= place < len(found.entity_ids)
        return url_for("prospects.group", task_id=task.id, group_key=group_key, first=place) if here else None

    return render_template(
        "prospects/group.html",
        task=task,
        group=found,
        entities=entities_by_id(shown),
        first=first,
        earlier=at(first - PAGE),
        later=at(first + PAGE),
    )
