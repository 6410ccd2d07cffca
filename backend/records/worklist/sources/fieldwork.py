"""Visits: to be made before the window closes, and to be signed by the team's leader; both are done on the phone."""

from datetime import date, timedelta

from flask import url_for
from sqlalchemy import select

from backend.decisions.results.queries import Clocks, submitted_visits
from backend.fieldwork.visits.models import Visit, VisitMember
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.rules import WINDOW, RuleProfile
from backend.planning.tasks.queries import rules_of_tasks
from backend.plumbing.db import db
from backend.records.worklist.rules import WorkItem
from backend.records.worklist.teams import team_words

PHONE = "/app/"
CLOSES_SOON = timedelta(days=7)


def share(actor: Actor, today: date) -> list[WorkItem]:
    """An inspector's own visits and, for a leader, those to sign; for officers the visits nobody has begun in time."""
    if actor.may(Capability.CAPTURE):
        clocks = {visit.id: clocks for visit, clocks in submitted_visits(actor.agency_id)}
        mine = [visit for visit in _visits_of(actor) if _waits(visit, actor.user_id)]
        rules = rules_of_tasks({visit.task_id for visit in mine})
        return [_own(visit, clocks.get(visit.id), rules[visit.task_id]) for visit in mine]
    if actor.may(Capability.SEE_EVERY_VISIT):
        waiting = _closing_soon(actor.agency_id, today)
        rules = rules_of_tasks({visit.task_id for visit in waiting})
        return [_not_begun(visit, rules[visit.task_id]) for visit in waiting]
    return []


def _visits_of(actor: Actor) -> list[Visit]:
    mine = select(VisitMember.visit_id).where(VisitMember.user_id == actor.user_id)
    query = select(Visit).where(
        Visit.agency_id == actor.agency_id,
        Visit.id.in_(mine),
        Visit.status.in_(("dispatched", "in_progress", "returned", "submitted")),
    )
    return list(db.session.scalars(query.order_by(Visit.window_to)))


def _waits(visit: Visit, user_id: int) -> bool:
    leads = any(member.is_leader and member.user_id == user_id for member in visit.members)
    return visit.status != "submitted" or leads


def _own(visit: Visit, clocks: Clocks | None, rules: RuleProfile) -> WorkItem:
    verb, icon, what = {
        "dispatched": ("检查", "clipboard-list", "到场检查"),
        "in_progress": ("检查", "clipboard-list", "继续检查"),
        "returned": ("重查", "undo-2", "退回的项要改"),
        "submitted": ("签批", "stamp", "签批检查结果"),
    }[visit.status]
    return WorkItem(
        verb=verb,
        icon=icon,
        title=f"{what}：{visit.entity_snapshot['name']}",
        detail=f"{visit.task_title}　{visit.entity_snapshot['address']}",
        href=PHONE,
        deadline=(clocks.report or clocks.publication) if clocks else None,
        by=visit.window_to,
        by_words="检查窗口到",
        ground=rules.ground(WINDOW),
    )


def _closing_soon(agency_id: int, today: date) -> list[Visit]:
    query = select(Visit).where(
        Visit.agency_id == agency_id, Visit.status == "dispatched", Visit.window_to <= today + CLOSES_SOON
    )
    return list(db.session.scalars(query.order_by(Visit.window_to)))


def _not_begun(visit: Visit, rules: RuleProfile) -> WorkItem:
    return WorkItem(
        verb="催办",
        icon="clipboard-list",
        title=f"还没有到场：{visit.entity_snapshot['name']}",
        detail=f"{visit.task_title}　{team_words(visit)}",
        href=url_for("tasks.one", task_id=visit.task_id),
        by=visit.window_to,
        by_words="检查窗口到",
        ground=rules.ground(WINDOW),
    )
