"""What must be in order before anything is drawn: the rules confirmed for the year, the matter list approved and published."""

from datetime import date

from flask import url_for

from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for, profile_warning
from backend.records.worklist.rules import WorkItem
from backend.registers.conflicts.queries import undecided_conflicts
from backend.registers.matters.queries import versions_of

STEPS = {
    "draft": (Capability.APPROVE_MATTERS, "批准", "stamp", "matter.approved_by"),
    "approved": (Capability.PUBLISH_MATTERS, "公布", "megaphone", "matter.published"),
}
"""What a version of the matter list waits for, by its status."""


def share(actor: Actor, today: date) -> list[WorkItem]:
    """The administrator's yearly confirmation; approval and publication of the newest matter list;
    the head's decisions on declared ties."""
    return [*_rules(actor, today), *_matter_list(actor), *_conflicts(actor)]


def _conflicts(actor: Actor) -> list[WorkItem]:
    if not actor.may(Capability.DECIDE_CONFLICTS) or not (waiting := undecided_conflicts(actor.agency_id)):
        return []
    return [
        WorkItem(
            verb="决定",
            icon="eye-off",
            title=f"利害关系申报 {waiting} 条",
            detail="决定是否回避；决定前不会把两者匹配到一起",
            href=url_for("conflicts.to_decide"),
            citation=profile_for(actor.agency_id).cite("recusal.required"),
        )
    ]


def _rules(actor: Actor, today: date) -> list[WorkItem]:
    warning = profile_warning(actor.agency_id, today)
    if warning is None or not actor.may(Capability.MANAGE_RULES):
        return []
    return [
        WorkItem(
            verb="确认",
            icon="book-open-text",
            title=f"{today.year} 年是否继续执行现行规则",
            detail="不确认，不能发起新的摇号；已在进行的不受影响",
            href=url_for("rule_profiles.profile"),
            citation=warning.citation,
        )
    ]


def _matter_list(actor: Actor) -> list[WorkItem]:
    versions = versions_of(actor.agency_id)
    if not versions or versions[0].status not in STEPS:
        return []
    newest = versions[0]
    capability, verb, icon, rule = STEPS[newest.status]
    if not actor.may(capability):
        return []
    return [
        WorkItem(
            verb=verb,
            icon=icon,
            title=f"随机抽查事项清单第 {newest.version} 版",
            detail="公布后生效，清单之外不得检查",
            href=url_for("matters.one_version", version_id=newest.id),
            citation=profile_for(actor.agency_id).cite(rule),
        )
    ]
