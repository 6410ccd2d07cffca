"""Reads of the yearly plans, of what today's directory would give them, and of what stands in the way of approval."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from sqlalchemy import select

from backend.core.errors import (
    NOT_FOUND,
    PLAN_INCOMPLETE,
    PLAN_RATIO_OVER,
    PLAN_SHARE_TOO_SMALL,
    PLAN_WITHOUT_JOINT,
    Citation,
    Refusal,
)
from backend.foundation.rule_profiles.queries import profile_for
from backend.foundation.rule_profiles.rules import RuleProfile
from backend.planning.annual_plan.models import Plan, PlanLine
from backend.planning.annual_plan.quotas import by_ratio
from backend.planning.annual_plan.rules import estimated_number, overall_ratio, ratio_words
from backend.planning.annual_plan.sharing import among_regions, own_amount
from backend.planning.scopes.queries import populations, populations_by_region
from backend.planning.scopes.rules import EntityClass, Scope, as_ratio, stored_classes
from backend.plumbing.db import db
from backend.registers.matters.models import Matter
from backend.registers.matters.queries import published_matters


def plans_of(agency_id: int) -> list[Plan]:
    """Every revision of every year, newest first."""
    query = select(Plan).where(Plan.agency_id == agency_id)
    return list(db.session.scalars(query.order_by(Plan.year.desc(), Plan.revision.desc())))


def plan_of(agency_id: int, plan_id: int) -> Plan:
    """One plan of this agency. Refuses NOT_FOUND."""
    plan = db.session.get(Plan, plan_id)
    if plan is None or plan.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="这份计划")
    return plan


def plan_in_force(agency_id: int, year: int) -> Plan | None:
    """The newest published revision of a year."""
    return db.session.scalar(
        select(Plan)
        .where(Plan.agency_id == agency_id, Plan.year == year, Plan.status == "published")
        .order_by(Plan.revision.desc())
        .limit(1)
    )


def line_of(agency_id: int, line_id: int) -> PlanLine:
    """One line of this agency's plans. Refuses NOT_FOUND."""
    line = db.session.get(PlanLine, line_id)
    if line is None or line.plan.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="计划里的这一项")
    return line


def matters_by_id(agency_id: int) -> dict[int, Matter]:
    """The agency's matters, withdrawn ones included, for plans that still name them."""
    found = db.session.scalars(select(Matter).where(Matter.agency_id == agency_id))
    return {matter.id: matter for matter in found}


def matters_left_out(plan: Plan) -> list[Matter]:
    """The published list's matters that the plan neither holds nor excuses."""
    covered = {line.matter_id for line in plan.lines} | {int(matter_id) for matter_id in plan.excused}
    return [matter for matter in published_matters(plan.agency_id) if matter.id not in covered]


def classes_of(line: PlanLine) -> list[EntityClass]:
    """The line's own class (without a name) and its further ones, in the order in which they are drawn."""
    return [EntityClass("", line.scope, line.ratios), *stored_classes(line.classes)]


def estimate_of(agency_id: int, matter: Matter, classes: Sequence[EntityClass]) -> int:
    """How many entities today's directory would give the classes together."""
    kinds = {matter.entity_kind}
    return sum(estimated_number(one.amounts, populations(agency_id, kinds, one.scope)) for one in classes)


def own_classes_of(line: PlanLine, matter: Matter, scope: Scope) -> list[EntityClass]:
    """What this level draws of a line, narrowed further to `scope`: its share of each class, divided among regions.

    A divided class becomes one class for each region with fixed numbers, from today's directory. Where the scope names
    one region already, nothing is divided.
    """
    share, found = line.upper_share_percent, []
    for one in classes_of(line):
        amounts = {grade: own_amount(amount, share) for grade, amount in one.amounts.items()}
        narrowed = {**scope, **one.scope} if one.name == "" else one.scope
        if not line.region_weights or narrowed.get("region"):
            found.append(EntityClass(one.name, narrowed, amounts))
            continue
        numbers = _numbers_by_region(line, matter, EntityClass(one.name, narrowed, amounts))
        found += [
            EntityClass(
                f"{one.name}·{region}" if one.name else region,
                {**narrowed, "region": region},
                {grade: [number] for grade, number in of_region.items() if number},
            )
            for region, of_region in numbers.items()
            if any(of_region.values())
        ]
    return found


def numbers_by_region(line: PlanLine, matter: Matter) -> dict[str, int]:
    """How many of this level's number each region gives, over all classes that are divided."""
    total: Counter[str] = Counter()
    for one in classes_of(line):
        if line.region_weights and not one.scope.get("region"):
            amounts = {g: own_amount(a, line.upper_share_percent) for g, a in one.amounts.items()}
            for region, of_region in _numbers_by_region(
                line, matter, EntityClass(one.name, one.scope, amounts)
            ).items():
                total[region] += sum(of_region.values())
    return dict(total)


def _numbers_by_region(line: PlanLine, matter: Matter, one: EntityClass) -> dict[str, dict[str, int]]:
    by_region = populations_by_region(line.plan.agency_id, {matter.entity_kind}, one.scope)
    whole = {grade: sum(counted.get(grade, 0) for counted in by_region.values()) for grade in one.amounts}
    totals = {
        grade: by_ratio(whole[grade], as_ratio(amount, whole[grade])) for grade, amount in one.amounts.items()
    }
    return among_regions(totals, by_region, line.region_weights)


def blocks_of(plan: Plan) -> list[Refusal]:
    """Everything that stands between a plan and its approval, each with its article."""
    profile, matters = profile_for(plan.agency_id), matters_by_id(plan.agency_id)
    return [
        *_missing(plan, profile),
        *(
            block
            for line in plan.lines
            for block in _ratio_over(plan, line, matters[line.matter_id], profile)
        ),
        *_share_too_small(plan, profile),
        *_no_joint_inspection(plan, profile),
    ]


def lines_that_must_rise(plan: Plan) -> Citation | None:
    """The article that asks for more inspections of flagged entities, while no class of the plan is for them."""
    profile = profile_for(plan.agency_id)
    if not profile.flag("cap.flagged_must_rise"):
        return None
    flagged = any(one.scope.get("flag") for line in plan.lines for one in classes_of(line))
    return None if flagged else profile.cite("cap.flagged_must_rise")


def revision_before(plan: Plan) -> Plan | None:
    """The published revision that this one follows."""
    return db.session.scalar(
        select(Plan)
        .where(Plan.agency_id == plan.agency_id, Plan.year == plan.year, Plan.revision < plan.revision)
        .order_by(Plan.revision.desc())
        .limit(1)
    )


def _missing(plan: Plan, profile: RuleProfile) -> list[Refusal]:
    left_out = matters_left_out(plan)
    if not left_out:
        return []
    ground = profile.cite("plan.covers_every_matter") or profile.ground("plan.fields")
    return [Refusal(PLAN_INCOMPLETE, ground, names="、".join(matter.name for matter in left_out))]


def _ratio_over(plan: Plan, line: PlanLine, matter: Matter, profile: RuleProfile) -> list[Refusal]:
    if matter.matter_class != "general" or not matter.ratio_den or matter.ratio_num is None:
        return []
    if not profile.flag("matter.general_ratio_limited"):
        return []
    limit = [matter.ratio_num, matter.ratio_den]
    found = overall_ratio(line.ratios, populations(plan.agency_id, {matter.entity_kind}, line.scope))
    if found <= Fraction(*limit):
        return []
    return [
        Refusal(
            PLAN_RATIO_OVER,
            profile.ground("matter.general_ratio_limited"),
            matter=matter.name,
            found=f"{float(found):.1%}",
            limit=ratio_words(limit),
        )
    ]


def _share_too_small(plan: Plan, profile: RuleProfile) -> list[Refusal]:
    least = profile.count("plan.min_share_percent")
    whole = sum(populations(plan.agency_id, (), {}).values())
    planned = sum(line.estimated for line in plan.lines)
    if least is None or planned * 100 >= whole * least:
        return []
    ground = profile.ground("plan.min_share_percent")
    needed = -(-whole * least // 100)
    return [Refusal(PLAN_SHARE_TOO_SMALL, ground, planned=planned, whole=whole, least=least, needed=needed)]


def _no_joint_inspection(plan: Plan, profile: RuleProfile) -> list[Refusal]:
    least = profile.count("plan.joint_inspections_min")
    joint = sum(bool(line.joint_role) for line in plan.lines)
    if least is None or joint >= least:
        return []
    return [
        Refusal(PLAN_WITHOUT_JOINT, profile.ground("plan.joint_inspections_min"), least=least, count=joint)
    ]
