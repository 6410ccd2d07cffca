"""Make a task from the plan or, where the rules allow it, outside the plan; dispatch it when its teams are fixed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from backend.core.errors import (
    INSPECTION_NOT_APPROVED,
    NOT_FOUND,
    REASON_TOO_SHORT,
    REMOTE_NOT_ASKED,
    TASK_NOT_IN_STATE,
    TASK_WRONG,
    Refusal,
)
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.actions import pinned_version
from backend.foundation.rule_profiles.queries import profile_for
from backend.planning.annual_plan.models import PlanLine
from backend.planning.annual_plan.queries import line_of, matters_by_id, own_classes_of
from backend.planning.annual_plan.rules import JOINT_ROLES, ratio_fault
from backend.planning.scopes.rules import stored_classes, tidy_scope
from backend.planning.tasks.held_to_rules import (
    refuse_campaign_without_grounds,
    refuse_classes_and_batches,
    refuse_grades_alike,
    refuse_low_risk_first,
    refuse_outside_plan,
    refuse_unknown_mode,
    refuse_without_legal_basis,
    refuse_without_scheme,
)
from backend.planning.tasks.made_before import OutsidePlan, TaskEntry, made_before
from backend.planning.tasks.models import Task, TaskMatter
from backend.planning.tasks.queries import gaps_before_dispatch, returned, rules_of_task, task_of
from backend.planning.tasks.rules import (
    INSPECTION_KINDS,
    NATURES,
    ORIGINS,
    REMOTE_ANSWERS,
    STATUSES,
    task_fault,
)
from backend.planning.tasks.serials import locked_agency, next_number
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.events import announce

MOST_BATCHES = 12
SHORTEST_REASON = 4


def make_task(actor: Actor, plan_line_id: int, entry: TaskEntry) -> Task:
    """Make a task from a line of the published plan; matter, ratios and classes come from the line.

    What the line is narrowed to stays; the entry may narrow it further. Asked for twice, it is made once.
    """
    require(actor, Capability.MAKE_TASKS)
    with transaction():
        locked_agency(actor.agency_id)
        line, rules = line_of(actor.agency_id, plan_line_id), profile_for(actor.agency_id)
        if line.plan.status != "published":
            raise Refusal(
                TASK_WRONG, rules.ground("inspection.outside_plan_forbidden"), fault="计划还没有公布"
            )
        planned = _as_planned(entry, line)
        if (made := made_before(actor.agency_id, planned, [line.matter_id], line.id)) is not None:
            return made
        task = _new_task(actor, planned, line.ratios, [line.matter_id])
        task.plan_line_id = line.id
        _take_own_part(task, line)
        record(actor, "task.make", "task", task.id, after={"serial": task.serial, "line": line.id})
        return task


def make_ad_hoc_task(
    actor: Actor, matter_ids: Sequence[int], ratios: Mapping[str, list[int]], reason: str, entry: TaskEntry
) -> Task:
    """Make a task outside the plan, with its reason; refused with the article where the rules forbid it.

    Asked for twice, it is made once.
    """
    require(actor, Capability.MAKE_TASKS)
    refuse_outside_plan(profile_for(actor.agency_id))
    if not reason.strip():
        cited = profile_for(actor.agency_id).ground("plan.ad_hoc_allowed")
        raise Refusal(TASK_WRONG, cited, fault="计划外的任务要写明理由")
    if not matter_ids:
        raise Refusal(TASK_WRONG, fault="至少选一个抽查事项")
    fault = ratio_fault(ratios)
    if fault is not None:
        raise Refusal(TASK_WRONG, fault=fault)
    with transaction():
        known = matters_by_id(actor.agency_id)
        if any(matter_id not in known or known[matter_id].status != "published" for matter_id in matter_ids):
            raise Refusal(NOT_FOUND, what="已公布的抽查事项")
        locked_agency(actor.agency_id)
        told = OutsidePlan(ratios, reason)
        if (made := made_before(actor.agency_id, entry, matter_ids, outside_plan=told)) is not None:
            return made
        task = _new_task(actor, entry, ratios, matter_ids)
        task.ad_hoc_reason = reason.strip()
        record(actor, "task.make_ad_hoc", "task", task.id, after={"serial": task.serial, "reason": reason})
        return task


def make_received_task(
    actor: Actor, origin: str, source: str, matter_ids: Sequence[int], entry: TaskEntry
) -> Task:
    """A task whose entities were drawn elsewhere: no ratios, no ceremony; it waits for its teams. Joins the caller's transaction."""
    require(actor, Capability.MAKE_TASKS)
    if origin not in ORIGINS or origin == "own":
        raise Refusal(TASK_WRONG, fault="请选名单的来源")
    if not matter_ids:
        raise Refusal(TASK_WRONG, fault="至少选一个抽查事项")
    with transaction():
        known = matters_by_id(actor.agency_id)
        if any(matter_id not in known or known[matter_id].status != "published" for matter_id in matter_ids):
            raise Refusal(NOT_FOUND, what="已公布的抽查事项")
        task = _new_task(actor, entry, {}, matter_ids)
        task.origin, task.ad_hoc_reason, task.status = origin, f"{ORIGINS[origin]}：{source}", "drawn"
        return task


def prepare_dispatch(
    actor: Actor, task_id: int, remote_answer: str, remote_reason: str, work_plan: str
) -> None:
    """Answer whether the firm must be entered at all, and write down how the teams are to work."""
    require(actor, Capability.DISPATCH_TASKS)
    remote_first = rules_of_task(task_of(actor.agency_id, task_id).id).ground("inspection.remote_first")
    if remote_answer not in REMOTE_ANSWERS:
        raise Refusal(TASK_WRONG, remote_first, fault="请回答能不能不进企业完成")
    if not remote_reason.strip():
        raise Refusal(TASK_WRONG, remote_first, fault="请写明为什么要到现场，或怎样不到现场完成")
    with transaction():
        hold_chain(actor.agency_id)
        task = task_of(actor.agency_id, task_id)
        if not _waits_for_approval(task):
            raise _refused(task, "准备派发")
        task.returned_reason, task.returned_by_name, task.returned_at = "", None, None
        task.remote_answer, task.remote_reason = remote_answer, remote_reason.strip()
        task.remote_by_name, task.work_plan = actor.name, work_plan.strip()
        after = {"remote": remote_answer, "reason": task.remote_reason, "work_plan": task.work_plan}
        record(actor, "task.prepare_dispatch", "task", task.id, after=after)


def approve_inspection(actor: Actor, task_id: int, opinion: str) -> None:
    """行政检查审批: the leader of the unit approves before the teams go out, or makes it up after an urgent dispatch."""
    require(actor, Capability.APPROVE_INSPECTIONS)
    with transaction():
        task = _before_the_leader(actor, task_id, "审批")
        rules = rules_of_task(task.id)
        if not task.remote_answer and rules.flag("inspection.remote_first"):
            raise Refusal(REMOTE_NOT_ASKED, rules.ground("inspection.remote_first"))
        task.approved_by_name, task.approved_at = actor.name, now()
        task.approval_opinion = opinion.strip()
        record(actor, "task.approve_inspection", "task", task.id, after={"opinion": task.approval_opinion})


def return_inspection(actor: Actor, task_id: int, reason: str) -> None:
    """The leader of the unit does not approve yet: back to whoever prepared it, with what is missing.

    Nothing goes out meanwhile, in a hurry neither; it comes before the leader again once it is handed in anew.
    """
    require(actor, Capability.APPROVE_INSPECTIONS)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    with transaction():
        task = _before_the_leader(actor, task_id, "退回")
        task.returned_reason, task.returned_by_name, task.returned_at = reason.strip(), actor.name, now()
        record(actor, "task.return_inspection", "task", task.id, after={"reason": task.returned_reason})


def dispatch(actor: Actor, task_id: int, urgent_reason: str = "") -> None:
    """Send the teams out: the task's teams are fixed, and every visit is opened in the same transaction.

    With an `urgent_reason` the approval may follow afterwards; nothing else may be missing.
    """
    require(actor, Capability.DISPATCH_TASKS)
    with transaction():
        task = _undispatched(actor, task_id, "派发")
        gaps = gaps_before_dispatch(task)
        if urgent_reason.strip():
            gaps = [gap for gap in gaps if gap.problem is not INSPECTION_NOT_APPROVED]
            task.urgent_reason = "" if task.approved_at else urgent_reason.strip()
        if gaps:
            raise gaps[0]
        task.status, task.dispatched_at, task.dispatched_by_name = "dispatched", now(), actor.name
        after = {"serial": task.serial, "urgent": task.urgent_reason}
        record(actor, "task.dispatch", "task", task.id, after=after)
        announce("task.dispatched", actor=actor, task_id=task.id)


def _as_planned(entry: TaskEntry, line: PlanLine) -> TaskEntry:
    return replace(
        entry,
        scope={**entry.scope, **line.scope},
        classes=stored_classes(line.classes),
        joint_role=entry.joint_role or line.joint_role,
        joint_with=entry.joint_with or line.joint_with,
    )


def _take_own_part(task: Task, line: PlanLine) -> None:
    """What the level above draws itself is left to it, and what is divided among regions is drawn region by region."""
    matter = matters_by_id(task.agency_id)[line.matter_id]
    classes = own_classes_of(line, matter, task.scope)
    whole = next((one for one in classes if not one.name), None)
    task.ratios = {grade: list(amount) for grade, amount in whole.amounts.items()} if whole else {}
    task.classes = [one.stored for one in classes if one.name]
    if not task.ratios and not task.classes:
        raise Refusal(TASK_WRONG, fault="计划的地区比重里，没有一个地区有可抽的对象")
    db.session.flush()


def _undispatched(actor: Actor, task_id: int, step: str) -> Task:
    hold_chain(actor.agency_id)
    task = task_of(actor.agency_id, task_id)
    if task.status != "matched":
        raise _refused(task, step)
    return task


def _before_the_leader(actor: Actor, task_id: int, step: str) -> Task:
    hold_chain(actor.agency_id)
    task = task_of(actor.agency_id, task_id)
    if task.approved_at or not _waits_for_approval(task):
        raise _refused(task, step)
    if task.returned_at is not None:
        raise returned(task)
    return task


def _waits_for_approval(task: Task) -> bool:
    """Before the dispatch; and after one in a hurry, until the approval is made up."""
    made_up = task.status == "dispatched" and bool(task.urgent_reason) and task.approved_at is None
    return task.status == "matched" or made_up


def _refused(task: Task, step: str) -> Refusal:
    state = "已审批" if task.approved_at and task.status == "matched" else STATUSES[task.status]
    return Refusal(TASK_NOT_IN_STATE, title=task.title, state=state, step=step)


def _new_task(
    actor: Actor, entry: TaskEntry, ratios: Mapping[str, list[int]], matter_ids: Sequence[int]
) -> Task:
    profile = profile_for(actor.agency_id)
    days = (entry.window_to - entry.window_from).days + 1
    fault = task_fault(
        entry.title, days, entry.seats, profile.count("team.min_inspectors") or 1
    ) or _fault_of(entry, days)
    if fault is not None:
        citation = profile.ground("team.min_inspectors") if "检查组" in fault else None
        raise Refusal(TASK_WRONG, citation, fault=fault)
    known = matters_by_id(actor.agency_id)
    refuse_without_legal_basis(profile, [(known[id].name, known[id].legal_basis) for id in matter_ids])
    refuse_unknown_mode(profile, directed=bool(tidy_scope(entry.scope) or entry.classes))
    refuse_classes_and_batches(profile, len(entry.classes), entry.batches)
    for amounts in (ratios, *(one.amounts for one in entry.classes)):
        refuse_grades_alike(profile, amounts)
        refuse_low_risk_first(profile, amounts)
    refuse_without_scheme(profile, entry.demands)
    refuse_campaign_without_grounds(profile, entry.inspection_kind, entry.demands)
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
        scope=tidy_scope(entry.scope),
        classes=[one.stored for one in entry.classes],
        inspection_kind=entry.inspection_kind,
        batches=entry.batches,
        joint_role=entry.joint_role,
        joint_with=list(entry.joint_with),
        demands=entry.demands.strip(),
        natures=[nature for nature in NATURES if nature in entry.natures],
        ratios={grade: list(ratio) for grade, ratio in ratios.items()},
        status="drafted",
        seats=entry.seats,
        rules_version_id=pinned_version(actor),
        made_by_name=actor.name,
        made_at=now(),
    )
    db.session.add(task)
    db.session.flush()
    db.session.add_all(TaskMatter(task_id=task.id, matter_id=matter_id) for matter_id in matter_ids)
    db.session.flush()
    return task


def _fault_of(entry: TaskEntry, days: int) -> str | None:
    if entry.inspection_kind not in INSPECTION_KINDS:
        return "请选检查类型"
    if not 1 <= entry.batches <= min(days, MOST_BATCHES):
        return f"批次应在 1 到 {min(days, MOST_BATCHES)} 之间，不超过检查期限的天数"
    if entry.joint_role and (entry.joint_role not in JOINT_ROLES or not entry.joint_with):
        return "联合检查请选发起或参与，并写明联合的部门"
    if any(not one.name.strip() for one in entry.classes):
        return "每一类都要有名称"
    faults = (ratio_fault(one.amounts) for one in entry.classes)
    return next((fault for fault in faults if fault is not None), None)
