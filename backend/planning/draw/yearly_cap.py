"""How often entities were drawn or are held in the period of the cap (draw.md 1.12, rules.md "yearly cap")."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, time

from sqlalchemy import select

from backend.core.clock import SHANGHAI
from backend.foundation.rule_profiles.profile_files import known_keys
from backend.foundation.rule_profiles.queries import profile_for
from backend.foundation.rule_profiles.rules import RuleProfile
from backend.planning.draw.frozen_table import frozen_ids
from backend.planning.draw.models import Draw, Pick
from backend.planning.draw.queries import tasks_of_draw
from backend.planning.draw.roster_rules import CapRule, cap_period
from backend.planning.tasks.models import Task, TaskMatter
from backend.plumbing.clock import today
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.entities.queries import standing_for

OPEN_STATES = ("committed", "drawn")
"""Draws that can still take whom they hold."""


def entities_at_their_cap(agency_id: int) -> list[Entity]:
    """Whom this year's locked draws have taken as often as the rules allow, so that no further draw takes them."""
    rules = profile_for(agency_id)
    cap = cap_rule(rules)
    if cap.limit is None:
        return []
    drawn = slots_drawn(agency_id, rules)
    full = {entity_id for (entity_id, _), times in drawn.items() if times >= cap.limit}
    found = db.session.scalars(select(Entity).where(Entity.id.in_(full)).order_by(Entity.id))
    return [entity for entity in found if not cap.not_binding & set(entity.flags)]


def cap_rule(rules: RuleProfile) -> CapRule:
    """The cap as these rules have it."""
    words = known_keys()["cap.scope"].words.get(rules.text("cap.scope"), "")
    return CapRule(rules.count("cap.value"), words, frozenset(rules.words("cap.not_binding")))


def slots_of_task(task: Task, rules: RuleProfile) -> frozenset[str]:
    """The slots that a pick of this task uses up: one for the entity, or one for each matter."""
    if rules.text("cap.scope") == "matter_entity":
        return frozenset(f"matter:{held.matter_id}" for held in task.matters)
    return frozenset({"entity"})


def slots_drawn(agency_id: int, rules: RuleProfile) -> Counter[tuple[int, str]]:
    """Locked draws of the cap's period in which an entity stayed picked; one draw counts once for each slot."""
    period = cap_period(rules.text("cap.period"), today())
    begin, end = (datetime.combine(day, time(), SHANGHAI) for day in period)
    rows = db.session.execute(
        select(Pick.entity_id, Pick.draw_id, TaskMatter.matter_id)
        .join(Draw, Draw.id == Pick.draw_id)
        .join(TaskMatter, TaskMatter.task_id == Pick.task_id)
        .where(Draw.agency_id == agency_id, Draw.status == "locked", Pick.status == "picked")
        .where(Draw.locked_at >= begin, Draw.locked_at < end)
        .distinct()
    )
    return _counted(agency_id, rules, set(rows))


def slots_held(agency_id: int, rules: RuleProfile) -> Counter[tuple[int, str]]:
    """What open draws could still take: each entity of their rosters, from commit to lock."""
    taken = set[tuple[int, int, int]]()
    for draw in _open_draws(agency_id):
        for stratum, matters in _matters_by_stratum(draw).items():
            for entity_id in frozen_ids(draw, stratum):
                taken |= {(entity_id, draw.id, matter) for matter in matters}
    return _counted(agency_id, rules, taken)


def _open_draws(agency_id: int) -> Iterable[Draw]:
    in_progress = (Draw.status.in_(OPEN_STATES), Draw.rehearsal.is_(False))
    return db.session.scalars(select(Draw).where(Draw.agency_id == agency_id, *in_progress))


def _counted(agency_id: int, rules: RuleProfile, rows: set[tuple[int, int, int]]) -> Counter[tuple[int, str]]:
    """What merged entries were drawn for counts for the one that stands for them, as long as it does."""
    stands = standing_for(agency_id)
    if rules.text("cap.scope") == "matter_entity":
        return Counter(
            (stands.get(entity_id, entity_id), f"matter:{matter}") for entity_id, _, matter in rows
        )
    return Counter((stands.get(entity_id, entity_id), "entity") for entity_id, _ in {row[:2] for row in rows})


def _matters_by_stratum(draw: Draw) -> dict[str, list[int]]:
    tasks = {task.serial: task for task in tasks_of_draw(draw)}
    return {
        stratum: [held.matter_id for held in tasks[task["id"]].matters]
        for task in draw.commit_doc["tasks"]
        for stratum in task["strata"]
    }


def open_rosters(agency_id: int) -> Iterator[tuple[Draw, dict[str, list[str]]]]:
    """Each open draw with the slots that its strata could still take, by stratum."""
    for draw in _open_draws(agency_id):
        by_stratum = _matters_by_stratum(draw).items()
        yield draw, {s: ["entity", *(f"matter:{matter}" for matter in matters)] for s, matters in by_stratum}
