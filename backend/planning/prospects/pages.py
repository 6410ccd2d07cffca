"""The outlook of a task before its draw, and the list behind each of its numbers."""

from flask import Blueprint, render_template, request, url_for

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.permissions.access import current_actor, may
from backend.foundation.permissions.roles import Capability
from backend.planning.draw.views import stratum_words
from backend.planning.prospects.queries import entities_of_group, outlook_of
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
    after, before = request.args.get("after", 0, type=int), request.args.get("before", type=int)
    shown = entities_of_group(found, PAGE, after, before)

    def at(after: int | None = None, before: int | None = None) -> str:
        return url_for("prospects.group", task_id=task.id, group_key=group_key, after=after, before=before)

    first, last = (shown[0].id, shown[-1].id) if shown else (0, 0)
    return render_template(
        "prospects/group.html",
        task=task,
        group=found,
        entities=shown,
        earlier=at(before=first) if shown and entities_of_group(found, 1, before=first) else None,
        later=at(after=last) if shown and entities_of_group(found, 1, after=last) else None,
    )
