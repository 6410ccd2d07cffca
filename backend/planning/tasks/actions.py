"""Make a task from the plan or, where the rules allow it, outside the plan; dispatch it when its teams are fixed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from backend.core.errors import AD_HOC_FORBIDDEN, NOT_FOUND, TASK_NOT_IN_STATE, TASK_WRONG, Refusal
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.planning.annual_plan.queries import line_of, matters_by_id
from backend.planning.annual_plan.rules import ratio_fault
from backend.planning.tasks.models import Task, TaskMatter
from backend.planning.tasks.queries import task_of
from backend.planning.tasks.rules import NATURES, SCOPE_WORDS, STATUSES, task_fault
from backend.planning.tasks.serials import locked_agency, next_number
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.events import announce


@dataclass(frozen=True)
class TaskEntry:
    """What a new task is asked to be. Days are calendar days, both ends of the window included."""

    title: str
    window_from: date
    window_to: date
    seats: int = 2
    scope: Mapping[str, str] = field(default_factory=dict)
    natures: Sequence[str] = ()


def make_task(actor: Actor, plan_line_id: int, entry: TaskEntry) -> Task:
    """Make a task from a line of the published plan; matter and ratios come from the line."""
    require(actor, Capability.MAKE_TASKS)
    with transaction():
        line = line_of(actor.agency_id, plan_line_id)
        if line.plan.status != "published":
            raise Refusal(TASK_WRONG, fault="计划还没有公布")
        task = _new_task(actor, entry, line.ratios, [line.matter_id])
        task.plan_line_id = line.id
        record(actor, "task.make", "task", task.id, after={"serial": task.serial, "line": line.id})
        return task


def make_ad_hoc_task(
    actor: Actor, matter_ids: Sequence[int], ratios: Mapping[str, list[int]], reason: str, entry: TaskEntry
) -> Task:
    """Make a task outside the plan, with its reason; refused with the article where the rules forbid it."""
    require(actor, Capability.MAKE_TASKS)
    profile = profile_for(actor.agency_id)
    if not profile.flag("plan.ad_hoc_allowed"):
        raise Refusal(AD_HOC_FORBIDDEN, citation=profile.cite("plan.ad_hoc_allowed"))
    if not reason.strip():
        raise Refusal(TASK_WRONG, fault="计划外的任务要写明理由")
    if not matter_ids:
        raise Refusal(TASK_WRONG, fault="至少选一个抽查事项")
    fault = ratio_fault(ratios)
    if fault is not None:
        raise Refusal(TASK_WRONG, fault=fault)
    with transaction():
        known = matters_by_id(actor.agency_id)
        if any(matter_id not in known or known[matter_id].status != "published" for matter_id in matter_ids):
            raise Refusal(NOT_FOUND, what="已公布的抽查事项")
        task = _new_task(actor, entry, ratios, matter_ids)
        task.ad_hoc_reason = reason.strip()
        record(actor, "task.make_ad_hoc", "task", task.id, after={"serial": task.serial, "reason": reason})
        return task


def dispatch(actor: Actor, task_id: int) -> None:
    """Send the teams out: the task's teams are fixed, and every visit is opened in the same transaction."""
    require(actor, Capability.DISPATCH_TASKS)
    with transaction():
        hold_chain(actor.agency_id)
        task = task_of(actor.agency_id, task_id)
        if task.status != "matched":
            raise Refusal(TASK_NOT_IN_STATE, title=task.title, state=STATUSES[task.status], step="派发")
        task.status, task.dispatched_at = "dispatched", now()
        record(actor, "task.dispatch", "task", task.id, after={"serial": task.serial})
        announce("task.dispatched", actor=actor, task_id=task.id)


def _new_task(
    actor: Actor, entry: TaskEntry, ratios: Mapping[str, list[int]], matter_ids: Sequence[int]
) -> Task:
    profile = profile_for(actor.agency_id)
    days = (entry.window_to - entry.window_from).days + 1
    fault = task_fault(entry.title, days, entry.seats, profile.count("team.min_inspectors") or 1)
    if fault is not None:
        citation = profile.cite("team.min_inspectors") if "检查组" in fault else None
        raise Refusal(TASK_WRONG, citation=citation, fault=fault)
    agency = locked_agency(actor.agency_id)
    year = entry.window_from.year
    task = Task(
        agency_id=actor.agency_id,
        department_id=actor.department_id,
        ad_hoc_reason="",
        title=entry.title.strip(),
        serial=f"{agency.doc_prefix}抽查〔{year}〕{next_number(agency, 'task', year)}号",
        window_from=entry.window_from,
        window_to=entry.window_to,
        scope={name: entry.scope[name] for name in SCOPE_WORDS if entry.scope.get(name)},
        natures=[nature for nature in NATURES if nature in entry.natures],
        ratios={grade: list(ratio) for grade, ratio in ratios.items()},
        status="drafted",
        seats=entry.seats,
        made_by_name=actor.name,
        made_at=now(),
    )
    db.session.add(task)
    db.session.flush()
    db.session.add_all(TaskMatter(task_id=task.id, matter_id=matter_id) for matter_id in matter_ids)
    db.session.flush()
    return task
