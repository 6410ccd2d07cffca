"""From the yearly plan to the dispatched task: plan, approve, publish, draw, sign, dispatch."""

from collections.abc import Iterator
from datetime import date

from flask import url_for

from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.planning.adjustments.deciding import may_decide
from backend.planning.adjustments.queries import told_adjustments
from backend.planning.adjustments.rules import KINDS
from backend.planning.annual_plan.models import Plan
from backend.planning.annual_plan.queries import plans_of
from backend.planning.companions.queries import asked_companions
from backend.planning.companions.rules import ROLES
from backend.planning.draw.pinned_rules import opening_rule, rules_of_draw
from backend.planning.draw.queries import draw_of_task, draws_to_open, draws_without_recording
from backend.planning.reinforcements.actions import may_decide as may_grant
from backend.planning.reinforcements.queries import asked_reinforcements
from backend.planning.reinforcements.rules import WAYS
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import rules_of_task, tasks_of, tasks_to_approve
from backend.records.worklist.rules import WorkItem
from backend.registers.matters.queries import published_matters

PLAN_STEPS = {
    "draft": (Capability.APPROVE_PLAN, "批准", "stamp"),
    "approved": (Capability.PUBLISH_PLAN, "公布", "megaphone"),
}
TASK_STEPS = {
    "drafted": (Capability.HOLD_DRAW, "摇号", "shuffle", "等着摇号"),
    "committed": (Capability.HOLD_DRAW, "摇号", "shuffle", "名录已锁定，等见证人取数"),
    "drawn": (Capability.HOLD_DRAW, "签字", "signature", "已抽取，等到场人员签字"),
    "matched": (Capability.DISPATCH_TASKS, "派发", "send", "抽取结果已锁定"),
}
"""What a plan or a task waits for, by its status, and whose duty that is."""


def share(actor: Actor, today: date) -> list[WorkItem]:
    """This year's plan and the tasks that are not out yet."""
    return [
        *_plan(actor, today),
        *_filing(actor),
        *_tasks(actor),
        *_recordings(actor),
        *_openings(actor, today),
        *_approvals(actor),
        *_adjustments(actor),
        *_people_asked_for(actor),
    ]


def _plan(actor: Actor, today: date) -> Iterator[WorkItem]:
    plan = next((held for held in plans_of(actor.agency_id) if held.year == today.year), None)
    if plan is None:
        if actor.may(Capability.PREPARE_PLAN) and published_matters(actor.agency_id):
            yield _plan_item(actor, None, "编制", "calendar-range", f"{today.year} 年度抽查工作计划")
        return
    capability, verb, icon = PLAN_STEPS.get(plan.status, (None, "", ""))
    if capability is not None and actor.may(capability):
        yield _plan_item(actor, plan, verb, icon, plan.title)


def _plan_item(actor: Actor, plan: Plan | None, verb: str, icon: str, title: str) -> WorkItem:
    return WorkItem(
        verb=verb,
        icon=icon,
        title=title,
        detail=f"第 {plan.revision} 版　{len(plan.lines)} 项　{plan.prepared_by_name}编制"
        if plan
        else "今年还没有计划",
        href=url_for("annual_plan.one", plan_id=plan.id) if plan else url_for("annual_plan.plans"),
        ground=profile_for(actor.agency_id).ground("plan.fields"),
    )


def _filing(actor: Actor) -> Iterator[WorkItem]:
    """A published plan, or its newest revision, that the rules want reported and nobody has."""
    rules = profile_for(actor.agency_id)
    asked = rules.text("plan.changes_reported_to")
    if not asked or not actor.may(Capability.PUBLISH_PLAN):
        return
    newest = {plan.year: plan for plan in reversed(plans_of(actor.agency_id)) if plan.status == "published"}
    for plan in newest.values():
        if plan.filed_at is None:
            yield WorkItem(
                verb="报送",
                icon="send",
                title=plan.title,
                detail=f"第 {plan.revision} 版　{asked}",
                href=url_for("annual_plan.one", plan_id=plan.id),
                ground=rules.ground("plan.changes_reported_to"),
            )


def _recordings(actor: Actor) -> Iterator[WorkItem]:
    """Locked draws without the photo or video that the rules want of them."""
    if not actor.may(Capability.HOLD_DRAW):
        return
    for draw in draws_without_recording(actor.agency_id):
        rules = rules_of_draw(draw)
        if rules.text("draw.recording"):
            yield WorkItem(
                verb="附上",
                icon="paperclip",
                title=f"{draw.serial}的照片或录像",
                detail=rules.text("draw.recording"),
                href=url_for("draw.one", draw_id=draw.id),
                ground=rules.ground("draw.recording"),
            )


def _openings(actor: Actor, today: date) -> Iterator[WorkItem]:
    """Records whose window is over: unopened past `reveal_by`, the public sees them as overdue."""
    if not actor.may(Capability.HOLD_DRAW):
        return
    for draw in draws_to_open(actor.agency_id, today):
        yield WorkItem(
            verb="公开",
            icon="megaphone",
            title=f"{draw.serial}的抽取记录",
            detail=draw.title,
            href=url_for("draw.one", draw_id=draw.id),
            by=draw.reveal_by,
            by_words="公开不晚于",
            ground=opening_rule(rules_of_draw(draw)),
        )


def _tasks(actor: Actor) -> Iterator[WorkItem]:
    for task in tasks_of(actor.agency_id):
        if task.status in TASK_STEPS and actor.may(TASK_STEPS[task.status][0]):
            yield _task_item(task)


def _approvals(actor: Actor) -> Iterator[WorkItem]:
    if not actor.may(Capability.APPROVE_INSPECTIONS):
        return
    for task in tasks_to_approve(actor.agency_id):
        yield WorkItem(
            verb="审批",
            icon="stamp",
            title=task.title,
            detail=f"紧急派发，待补办：{task.urgent_reason}" if task.urgent_reason else "行政检查审批",
            href=url_for("tasks.one", task_id=task.id),
            by=task.window_from,
            by_words="检查期限始于",
            ground=rules_of_task(task.id).ground("inspection.approved_before"),
        )


def _adjustments(actor: Actor) -> Iterator[WorkItem]:
    if not actor.may(Capability.DECIDE_ADJUSTMENTS):
        return
    for told in told_adjustments(actor.agency_id, ("asked",)):
        adjustment = told.adjustment
        if not may_decide(actor, adjustment):
            continue
        yield WorkItem(
            verb="决定",
            icon="git-compare",
            title=f"{KINDS[adjustment.kind]}：{told.entity.name}",
            detail=f"{adjustment.asked_by_name}：{adjustment.reason}",
            href=url_for("adjustments.one", adjustment_id=adjustment.id),
            ground=rules_of_task(adjustment.task_id).ground("replacement.inspector"),
        )


def _people_asked_for(actor: Actor) -> Iterator[WorkItem]:
    """People asked for beside the teams, or into them, for whoever decides."""
    for asked, task in asked_reinforcements(actor.agency_id):
        if not may_grant(actor, asked):
            continue
        yield WorkItem(
            verb="决定",
            icon="users-round",
            title=f"人员调配：{task.title}",
            detail=f"{WAYS[asked.way]}　{asked.asked_by_name}：{asked.reason}",
            href=url_for("reinforcements.reinforcements", task_id=task.id),
            ground=rules_of_task(task.id).ground("team.shortage_approved_by"),
        )
    if not actor.may(Capability.DECIDE_ON_DRAW):
        return
    for companion, entity in asked_companions(actor.agency_id):
        yield WorkItem(
            verb="决定",
            icon="user-round-check",
            title=f"{ROLES[companion.role]}：{companion.name}去{entity.name}",
            detail=f"{companion.named_by_name}：{companion.reason}",
            href=url_for("companions.companions", task_id=companion.task_id),
            ground=rules_of_task(companion.task_id).ground("accompanying.who"),
        )


def _task_item(task: Task) -> WorkItem:
    _, verb, icon, state = TASK_STEPS[task.status]
    if task.origin != "own" and task.status == "drawn":
        verb, icon, state = "匹配", "shuffle", "名单已接收，等匹配检查人员"
    if task.returned_at is not None:
        verb, icon, state = (
            "补正",
            "undo-2",
            f"{task.returned_by_name}退回了行政检查审批：{task.returned_reason}",
        )
    draw = draw_of_task(task.id) if task.status == "committed" else None
    return WorkItem(
        verb=verb,
        icon=icon,
        title=task.title,
        detail=state,
        href=url_for("tasks.one", task_id=task.id),
        by=draw.reveal_by if draw else task.window_from,
        by_words="当众揭晓不晚于" if draw else "检查期限始于",
        ground=opening_rule(rules_of_draw(draw)) if draw else rules_of_task(task.id).ground("plan.fields"),
    )
