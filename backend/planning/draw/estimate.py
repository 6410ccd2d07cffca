"""What a freeze would find, before it: entity by entity where the range is small, by a few counts where it is large."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, Text, cast, func, select

from backend.planning.annual_plan.quotas import by_ratio
from backend.planning.annual_plan.rules import ratio_words
from backend.planning.draw.commit import AT_ONCE
from backend.planning.draw.roster import class_prefix, prospect_of, range_of, size_of
from backend.planning.draw.views import stratum_words
from backend.planning.scopes.queries import is_listed
from backend.planning.scopes.rules import UNGRADED, Scope, as_ratio, grade_words
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import classes_of_task
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.entities.rules import DRAWABLE_STATUS, STATUSES


@dataclass(frozen=True)
class EstimatedStratum:
    """One stratum: on the list = left out + taking part."""

    label: str
    left_out: int
    taking_part: int
    ratio: str
    quota: int


@dataclass(frozen=True)
class Estimate:
    """What would be frozen. `is_exact` False: the yearly cap and the exemptions are looked at when it is."""

    strata: list[EstimatedStratum]
    left_out: Mapping[str, int]
    exempt: int
    without_ratio: list[str]
    is_exact: bool


def estimate_of(tasks: Sequence[Task]) -> Estimate:
    """What a freeze of these tasks would find now."""
    return _counted(tasks) if size_of(tasks) > AT_ONCE else _looked_through(tasks)


def _looked_through(tasks: Sequence[Task]) -> Estimate:
    prospect = prospect_of(tasks)
    return Estimate(
        [_stratum(s.id, s.left_out, len(s.candidates), s.ratio) for s in prospect.strata],
        {reason: len(candidates) for reason, candidates in prospect.left_out.items()},
        len(prospect.exempt),
        prospect.without_ratio,
        is_exact=True,
    )


def _counted(tasks: Sequence[Task]) -> Estimate:
    strata: list[EstimatedStratum] = []
    left_out = Counter[str]()
    without_ratio = []
    for number, task in enumerate(tasks, start=1):
        for one in classes_of_task(task):
            taking_part, out = Counter[str](), Counter[str]()
            for grade, status, count in _counts(task, one.scope):
                if status == DRAWABLE_STATUS:
                    taking_part[grade] += count
                else:
                    out[grade] += count
                    left_out[STATUSES[status]] += count
            for grade in sorted(taking_part):
                amount, prefix = one.amounts.get(grade), class_prefix(number, len(tasks), one.name)
                if amount is not None:
                    ratio = as_ratio(amount, taking_part[grade])
                    strata.append(_stratum(prefix + grade, out[grade], taking_part[grade], ratio))
                elif not one.name:
                    without_ratio.append(f"{task.title} {grade_words(grade)} {taking_part[grade]} 家")
    return Estimate(strata, dict(sorted(left_out.items())), 0, without_ratio, is_exact=False)


def _counts(task: Task, scope: Scope) -> list[tuple[str, str, int]]:
    """Grade, status and how many, of everyone in a scope; the marks are read only where the scope asks for them."""
    columns: list[Any] = [Entity.risk_grade, Entity.status]
    asked = scope.get("flag") or scope.get("directory")
    marks = [cast(Entity.flags, Text), cast(Entity.directories, Text)] if asked else []
    query: Select[Any] = select(*columns, func.count(), *marks)
    rows = db.session.execute(query.where(*range_of(task, scope)).group_by(*columns, *marks))
    return [
        (grade or UNGRADED, status, count)
        for grade, status, count, *texts in rows
        if not texts or is_listed(scope, json.loads(texts[1]), json.loads(texts[0]))
    ]


def _stratum(stratum: str, left_out: int, taking_part: int, ratio: tuple[int, int]) -> EstimatedStratum:
    quota = by_ratio(taking_part, ratio)
    return EstimatedStratum(stratum_words(stratum), left_out, taking_part, ratio_words([*ratio]), quota)
