"""Make a year's plan from the matter list, fill its lines, approve, publish, and begin its next revision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.core.errors import (
    INVALID_INPUT,
    NO_PUBLISHED_MATTERS,
    NOT_FOUND,
    PLAN_EXISTS,
    PLAN_LINE_WRONG,
    PLAN_NOT_IN_STATE,
    REASON_TOO_SHORT,
    Refusal,
)
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.planning.annual_plan.models import Plan, PlanLine
from backend.planning.annual_plan.queries import (
    blocks_of,
    classes_of,
    estimate_of,
    matters_by_id,
    matters_left_out,
    plan_of,
    plans_of,
)
from backend.planning.annual_plan.rules import (
    GRADES,
    JOINT_ROLES,
    STATUSES,
    months_fault,
    ratio_fault,
    weights_fault,
)
from backend.planning.scopes.rules import EntityClass, Scope, tidy_scope
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, transaction
from backend.registers.matters.models import Matter
from backend.registers.matters.queries import published_matters

_USUAL_RATIO = (5, 100)
_SHORTEST_REASON = 4


@dataclass(frozen=True)
class LineEntry:
    """What was written on one line of a plan."""

    line_id: int
    ratios: Mapping[str, list[int]]
    month_from: int
    month_to: int
    body: str
    frequency: str
    category: str
    scope: Scope = field(default_factory=dict)
    classes: Sequence[EntityClass] = ()
    inspector_needs: str = ""
    joint_role: str = ""
    joint_with: Sequence[str] = ()
    upper_share_percent: int | None = None
    region_weights: Mapping[str, int] = field(default_factory=dict)


def draft_plan(actor: Actor, year: int, body: str) -> Plan:
    """Begin the first plan of a year with one line for each published matter; `body` is who inspects.

    Nobody plans another year than this one, the one before or the next: the number is a slip then.
    """
    require(actor, Capability.PREPARE_PLAN)
    this_year = today().year
    if abs(year - this_year) > 1:
        raise Refusal(INVALID_INPUT, detail=f"计划的年度应在 {this_year - 1} 到 {this_year + 1} 之间")
    matters = published_matters(actor.agency_id)
    if not matters:
        raise Refusal(NO_PUBLISHED_MATTERS, profile_for(actor.agency_id).ground("plan.fields"))
    with transaction():
        hold_chain(actor.agency_id)
        if any(plan.year == year for plan in plans_of(actor.agency_id)):
            raise Refusal(PLAN_EXISTS, year=year)
        plan = _new_plan(actor, year, 1)
        plan.lines = [_first_line(actor.agency_id, matter, body) for matter in matters]
        db.session.flush()
        record(actor, "plan.draft", "plan", plan.id, after={"year": year, "lines": len(plan.lines)})
        return plan


def add_missing_matters(actor: Actor, plan_id: int) -> int:
    """Give a drafted plan a line for every matter that was published since; return how many."""
    require(actor, Capability.PREPARE_PLAN)
    with transaction():
        plan = _in_state(actor, plan_id, "draft", "补充事项")
        new = matters_left_out(plan)
        body = plan.lines[0].body if plan.lines else ""
        plan.lines.extend(_first_line(actor.agency_id, matter, body) for matter in new)
        record(actor, "plan.complete", "plan", plan.id, after={"added": [m.name for m in new]})
        return len(new)


def leave_out(actor: Actor, plan_id: int, line_id: int, reason: str) -> None:
    """This year's plan does without a matter of the list; the reason stays with the plan and is published."""
    require(actor, Capability.PREPARE_PLAN)
    _check_reason(reason)
    with transaction():
        plan = _in_state(actor, plan_id, "draft", "修改")
        line = next((line for line in plan.lines if line.id == line_id), None)
        if line is None:
            raise Refusal(NOT_FOUND, what="计划里的这一项")
        plan.excused = {**plan.excused, str(line.matter_id): reason.strip()}
        plan.lines.remove(line)
        record(actor, "plan.leave_out", "plan", plan.id, after={"matter": line.matter_id, "reason": reason})


def take_in_again(actor: Actor, plan_id: int, matter_id: int) -> None:
    """A matter that had been left out gets its line after all."""
    require(actor, Capability.PREPARE_PLAN)
    with transaction():
        plan = _in_state(actor, plan_id, "draft", "修改")
        matter = matters_by_id(actor.agency_id).get(matter_id)
        if matter is None or str(matter_id) not in plan.excused:
            raise Refusal(NOT_FOUND, what="未列入的这个事项")
        plan.excused = {key: why for key, why in plan.excused.items() if key != str(matter_id)}
        plan.lines.append(_first_line(actor.agency_id, matter, plan.lines[0].body if plan.lines else ""))
        record(actor, "plan.take_in", "plan", plan.id, after={"matter": matter_id})


def fill_lines(actor: Actor, plan_id: int, entries: Sequence[LineEntry]) -> None:
    """Write the lines of a drafted plan; all of them or none."""
    require(actor, Capability.PREPARE_PLAN)
    with transaction():
        plan = _in_state(actor, plan_id, "draft", "修改")
        lines, matters = {line.id: line for line in plan.lines}, matters_by_id(actor.agency_id)
        for entry in entries:
            line = lines[entry.line_id]
            matter = matters[line.matter_id]
            fault = _fault_of(entry)
            if fault is not None:
                raise Refusal(PLAN_LINE_WRONG, matter=matter.name, fault=fault)
            _write(line, entry)
            line.estimated = estimate_of(actor.agency_id, matter, classes_of(line))
        record(actor, "plan.fill", "plan", plan.id, after={"lines": [_spelled(line) for line in plan.lines]})


def approve_plan(actor: Actor, plan_id: int) -> None:
    """The head approves; refused with its article while the plan does not hold what the rules ask of it."""
    require(actor, Capability.APPROVE_PLAN)
    with transaction():
        plan = _in_state(actor, plan_id, "draft", "批准")
        blocks = blocks_of(plan)
        if blocks:
            raise blocks[0]
        plan.status, plan.approved_by_name, plan.approved_at = "approved", actor.name, now()
        record(
            actor, "plan.approve", "plan", plan.id, after={"lines": [_spelled(line) for line in plan.lines]}
        )


def publish_plan(actor: Actor, plan_id: int) -> None:
    """Publish an approved plan: from now on tasks are made from it."""
    require(actor, Capability.PUBLISH_PLAN)
    with transaction():
        plan = _in_state(actor, plan_id, "approved", "公布")
        plan.status, plan.published_at = "published", now()
        record(actor, "plan.publish", "plan", plan.id, after={"year": plan.year, "revision": plan.revision})


def file_plan(actor: Actor, plan_id: int, filed_to: str) -> None:
    """Note that a published plan was reported upward, to whom and by whom."""
    require(actor, Capability.PUBLISH_PLAN)
    if not filed_to.strip():
        raise Refusal(PLAN_LINE_WRONG, matter="报送", fault="请写明报送给谁")
    with transaction():
        plan = _in_state(actor, plan_id, "published", "报送")
        plan.filed_to, plan.filed_by_name, plan.filed_at = filed_to.strip(), actor.name, now()
        record(actor, "plan.file", "plan", plan.id, after={"to": plan.filed_to})


def revise_plan(actor: Actor, plan_id: int, reason: str) -> Plan:
    """Begin the next revision of a published plan as a draft with the same lines; the old one stays as it is."""
    require(actor, Capability.PREPARE_PLAN)
    _check_reason(reason)
    with transaction():
        published = _in_state(actor, plan_id, "published", "修订")
        of_year = [plan for plan in plans_of(actor.agency_id) if plan.year == published.year]
        unfinished = next((plan for plan in of_year if plan.status != "published"), None)
        if unfinished is not None:
            raise Refusal(PLAN_EXISTS, year=published.year)
        plan = _new_plan(actor, published.year, of_year[0].revision + 1)
        plan.revision_reason, plan.excused = reason.strip(), dict(published.excused)
        plan.lines = [PlanLine(matter_id=line.matter_id, **_columns(line)) for line in published.lines]
        db.session.flush()
        record(actor, "plan.revise", "plan", plan.id, after={"year": plan.year, "revision": plan.revision})
        return plan


def _fault_of(entry: LineEntry) -> str | None:
    if not entry.body.strip():
        return "请写明检查主体"
    if entry.joint_role and not entry.joint_with:
        return "请写明联合检查的部门"
    if entry.joint_role and entry.joint_role not in JOINT_ROLES:
        return "请选发起或参与联合检查"
    if entry.upper_share_percent is not None and not 0 <= entry.upper_share_percent <= 100:
        return "上级统一抽查的比例应在 0 到 100% 之间"
    faults = (
        ratio_fault(entry.ratios),
        *(ratio_fault(one.amounts) for one in entry.classes),
        months_fault(entry.month_from, entry.month_to),
        weights_fault(entry.region_weights),
        *("每一类都要有名称" for one in entry.classes if not one.name.strip()),
    )
    return next((fault for fault in faults if fault is not None), None)


def _write(line: PlanLine, entry: LineEntry) -> None:
    line.ratios = {grade: list(ratio) for grade, ratio in entry.ratios.items()}
    line.scope, line.classes = tidy_scope(entry.scope), [one.stored for one in entry.classes]
    line.month_from, line.month_to = entry.month_from, entry.month_to
    line.body, line.frequency, line.category = entry.body, entry.frequency, entry.category
    line.inspector_needs = entry.inspector_needs
    line.joint_role, line.joint_with = entry.joint_role, list(entry.joint_with)
    line.upper_share_percent, line.region_weights = entry.upper_share_percent, dict(entry.region_weights)


def _check_reason(reason: str) -> None:
    if len(reason.strip()) < _SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=_SHORTEST_REASON)


def _new_plan(actor: Actor, year: int, revision: int) -> Plan:
    plan = Plan(
        agency_id=actor.agency_id,
        year=year,
        revision=revision,
        title=f"{year} 年度随机抽查工作计划",
        status="draft",
        prepared_by_name=actor.name,
        prepared_at=now(),
    )
    db.session.add(plan)
    return plan


def _first_line(agency_id: int, matter: Matter, body: str) -> PlanLine:
    numerator, denominator = matter.ratio_num, matter.ratio_den
    ratio = list(_USUAL_RATIO) if numerator is None or denominator is None else [numerator, denominator]
    ratios = dict.fromkeys(GRADES, ratio)
    return PlanLine(
        matter_id=matter.id,
        category=matter.name,
        ratios=ratios,
        estimated=estimate_of(agency_id, matter, [EntityClass("", {}, ratios)]),
        month_from=1,
        month_to=12,
        body=body,
        frequency=matter.frequency,
    )


def _in_state(actor: Actor, plan_id: int, status: str, step: str) -> Plan:
    hold_chain(actor.agency_id)
    plan = plan_of(actor.agency_id, plan_id)
    if plan.status != status:
        raise Refusal(PLAN_NOT_IN_STATE, state=STATUSES[plan.status], step=step)
    return plan


def _columns(line: PlanLine) -> dict[str, Any]:
    return {name: getattr(line, name) for name in _COPIED}


def _spelled(line: PlanLine) -> dict[str, Any]:
    return {"matter": line.matter_id, **_columns(line)}


_COPIED = (
    "category",
    "ratios",
    "scope",
    "classes",
    "estimated",
    "month_from",
    "month_to",
    "body",
    "frequency",
    "inspector_needs",
    "joint_role",
    "joint_with",
    "upper_share_percent",
    "region_weights",
)
