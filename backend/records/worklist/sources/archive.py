"""Dossiers that are not sealed yet, each until its day."""

from datetime import date

from flask import url_for

from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Capability
from backend.records.dossier.queries import deadlines_of, dossiers_for, visits_behind
from backend.records.worklist.rules import WorkItem

MOST = 100


def share(actor: Actor, today: date) -> list[WorkItem]:
    """For those who bind: the open dossiers, newest first where there are more than can be listed."""
    if not actor.may(Capability.BIND_DOSSIERS):
        return []
    found = dossiers_for(actor, "open", None, MOST)
    visits, deadlines = visits_behind(found), deadlines_of(actor.agency_id, found)
    return [
        WorkItem(
            verb="归档",
            icon="package",
            title=f"整理封存：{visits[dossier.visit_id].entity_snapshot['name']}",
            detail=f"{visits[dossier.visit_id].task_title}　{visits[dossier.visit_id].serial}",
            href=url_for("dossier.one", dossier_id=dossier.id),
            deadline=deadlines[dossier.id],
        )
        for dossier in found
    ]
