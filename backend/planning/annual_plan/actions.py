"""Make a year's plan from the matter list, fill its lines, approve, publish, and begin its next revision."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.core.errors import (
    NO_PUBLISHED_MATTERS,
    PLAN_EXISTS,
    PLAN_INCOMPLETE,
    PLAN_LINE_WRONG,
    PLAN_NOT_IN_STATE,
    Refusal,
)
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.foundation.rule_profiles.queries import profile_for
from backend.planning.annual_plan.models import Plan, PlanLine
from backend.planning.annual_plan.queries import (
    matters_by_id,
    matters_left_out,
    plan_of,
    plans_of,
    populations_for,
)
from backend.planning.annual_plan.rules import (
    GRADES,
    STATUSES,
    estimated_number,
    months_fault,
    ratio_fault,
)
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.registers.matters.models import Matter
from backend.registers.matters.queries import published_matters

_USUAL_RATIO = (5, 100)


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


def draft_plan(actor: Actor, year: int, body: str) -> Plan:
    """Begin the first plan of a year with one line for each published matter; `body` is who inspects."""
    require(actor, Capability.PREPARE_PLAN)
    matters = published_matters(actor.agency_id)
    if not matters:
        raise Refusal(NO_PUBLISHED_MATTERS, citation=profile_for(actor.agency_id).cite("plan.fields"))
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
        held = {line.matter_id for line in plan.lines}
        new = [m for m in published_matters(actor.agency_id) if m.id not in held]
        body = plan.lines[0].body if plan.lines else ""
        plan.lines.extend(_first_line(actor.agency_id, matter, body) for matter in new)
        record(actor, "plan.complete", "plan", plan.id, after={"added": [m.name for m in new]})
        return len(new)


def fill_lines(actor: Actor, plan_id: int, entries: Sequence[LineEntry]) -> None:
    """Write the lines of a drafted plan; all of them or none."""
    require(actor, Capability.PREPARE_PLAN)
    with transaction():
        plan = _in_state(actor, plan_id, "draft", "修改")
        lines, matters = {line.id: line for line in plan.lines}, matters_by_id(actor.agency_id)
        for entry in entries:
            line = lines[entry.line_id]
            matter = matters[line.matter_id]
            fault = ratio_fault(entry.ratios) or months_fault(entry.month_from, entry.month_to)
            if fault is None and not entry.body.strip():
                fault = "请写明检查主体"
            if fault is not None:
                raise Refusal(PLAN_LINE_WRONG, matter=matter.name, fault=fault)
            line.ratios = {grade: list(ratio) for grade, ratio in entry.ratios.items()}
            line.month_from, line.month_to = entry.month_from, entry.month_to
            line.body, line.frequency, line.category = entry.body, entry.frequency, entry.category
            line.estimated = estimated_number(line.ratios, populations_for(actor.agency_id, matter))
        record(actor, "plan.fill", "plan", plan.id, after={"lines": [_spelled(line) for line in plan.lines]})


def approve_plan(actor: Actor, plan_id: int) -> None:
    """The head approves; refused while a matter of the published list is missing."""
    require(actor, Capability.APPROVE_PLAN)
    with transaction():
        plan = _in_state(actor, plan_id, "draft", "批准")
        left_out = matters_left_out(plan)
        if left_out:
            profile = profile_for(actor.agency_id)
            citation = profile.cite("plan.covers_every_matter") or profile.cite("plan.fields")
            raise Refusal(PLAN_INCOMPLETE, citation=citation, names="、".join(left_out))
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


def revise_plan(actor: Actor, plan_id: int) -> Plan:
    """Begin the next revision of a published plan as a draft with the same lines; the old one stays as it is."""
    require(actor, Capability.PREPARE_PLAN)
    with transaction():
        published = _in_state(actor, plan_id, "published", "修订")
        of_year = [plan for plan in plans_of(actor.agency_id) if plan.year == published.year]
        unfinished = next((plan for plan in of_year if plan.status != "published"), None)
        if unfinished is not None:
            raise Refusal(PLAN_EXISTS, year=published.year)
        plan = _new_plan(actor, published.year, of_year[0].revision + 1)
        plan.lines = [PlanLine(matter_id=line.matter_id, **_columns(line)) for line in published.lines]
        db.session.flush()
        record(actor, "plan.revise", "plan", plan.id, after={"year": plan.year, "revision": plan.revision})
        return plan


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
        estimated=estimated_number(ratios, populations_for(agency_id, matter)),
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
    names = ("category", "ratios", "estimated", "month_from", "month_to", "body", "frequency")
    return {name: getattr(line, name) for name in names}


def _spelled(line: PlanLine) -> dict[str, Any]:
    return {"matter": line.matter_id, **_columns(line)}
