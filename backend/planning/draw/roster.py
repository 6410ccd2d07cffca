"""What the directories hold for a campaign today: rosters, cap, exemptions, inspectors, recusals."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, select

from backend.core.errors import DRAW_CANNOT_BE_PREPARED, Refusal
from backend.foundation.rule_profiles.rules import RuleProfile
from backend.planning.draw.models import Draw, DrawEvent
from backend.planning.draw.pinned_rules import rules_of_campaign
from backend.planning.draw.roster_rules import Candidate, CapRule, TaskRoster, roster_of_task
from backend.planning.draw.yearly_cap import cap_rule, slots_drawn, slots_held, slots_of_task
from backend.planning.scopes.queries import conditions, is_listed
from backend.planning.scopes.rules import Scope, as_ratio, grade_words
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import classes_of_task, matters_of_task, pinned_rules
from backend.plumbing.bulk import among
from backend.plumbing.clock import today
from backend.plumbing.db import db
from backend.plumbing.events import announce
from backend.registers.entities.models import Entity
from backend.registers.entities.queries import exemptions_on, standing_for
from backend.registers.entities.rules import DRAWABLE_STATUS, STATUSES

STREAMED = 10_000


@dataclass(frozen=True)
class PlannedStratum:
    """One stratum of a campaign before its freeze."""

    id: str
    task: Task
    grade: str
    candidates: list[Candidate]
    ratio: tuple[int, int]
    left_out: int
    """Entities of this grade and task that are in no roster."""


@dataclass(frozen=True)
class Prospect:
    """Everything a freeze would fix, seen before it."""

    tasks: Sequence[Task]
    strata: list[PlannedStratum]
    left_out: dict[str, list[Candidate]]
    """By reason, each entity once."""
    exempt: dict[int, str]
    """Reason by entity id, of those in the roster."""
    without_ratio: list[str]
    """Grades that have entities and no ratio, in words."""


def prospect_of(tasks: Sequence[Task]) -> Prospect:
    """What these tasks' campaign would freeze now. The tasks belong to one agency."""
    agency_id = tasks[0].agency_id
    rules = rules_of_campaign(agency_id, tasks)
    cap, drawn, held = cap_rule(rules), Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    if cap.limit is not None:
        drawn, held = slots_drawn(agency_id, rules), slots_held(agency_id, rules)
    strata: list[PlannedStratum] = []
    left_out: dict[str, dict[int, Candidate]] = {}
    without_ratio = []
    for number, task in enumerate(tasks, start=1):
        for one in classes_of_task(task):
            candidates = _not_repeated(task, candidates_of(task, one.scope))
            roster = roster_of_task(candidates, slots_of_task(task, rules), cap, drawn, held)
            prefix = class_prefix(number, len(tasks), one.name)
            for grade in sorted(roster.eligible):
                amount = one.amounts.get(grade)
                if amount is not None:
                    ratio = as_ratio(amount, len(roster.eligible[grade]))
                    strata.append(_stratum(f"{prefix}{grade}", task, grade, roster, ratio))
                elif not one.name:
                    without_ratio.append(
                        f"{task.title} {grade_words(grade)} {len(roster.eligible[grade])} 家"
                    )
            for reason, out in roster.left_out.items():
                left_out.setdefault(reason, {}).update((c.entity_id, c) for c in out)
    entered = {c.entity_id for stratum in strata for c in stratum.candidates}
    exempt = _exempt(agency_id, tasks, rules) if entered else {}
    return Prospect(
        tasks,
        strata,
        {reason: list(found.values()) for reason, found in sorted(left_out.items())},
        {entity_id: reason for entity_id, reason in exempt.items() if entity_id in entered},
        without_ratio,
    )


def _stratum(
    stratum_id: str, task: Task, grade: str, roster: TaskRoster, ratio: tuple[int, int]
) -> PlannedStratum:
    missing = sum(c.stratum == grade for candidates in roster.left_out.values() for c in candidates)
    return PlannedStratum(stratum_id, task, grade, roster.eligible[grade], ratio, missing)


@dataclass(frozen=True)
class Reckoned:
    """What is known of entities beyond the directory, for one task; whoever is in none of it stands as the directory says."""

    cap: CapRule
    slots: frozenset[str]
    drawn: Counter[tuple[int, str]]
    """Times drawn this year, by entity and slot."""
    settled: set[int]
    """Passed this year, or inspected elsewhere in the same days: not to be repeated."""
    exempt: dict[int, str]


def reckoned_for(task: Task, rules: RuleProfile) -> Reckoned:
    """What a freeze of this task would hold its candidates to."""
    cap = cap_rule(rules)
    drawn = slots_drawn(task.agency_id, rules) if cap.limit is not None else Counter[tuple[int, str]]()
    settled = _passed(task) if rules.flag("cap.passed_not_repeated") else set[int]()
    settled |= _inspected_elsewhere(task) if rules.text("merge.otherwise") else set[int]()
    return Reckoned(cap, slots_of_task(task, rules), drawn, settled, _exempt(task.agency_id, [task], rules))


def some_sorted(
    task: Task, scope: Scope, reckoned: Reckoned, held: Counter[tuple[int, str]], only: Collection[int]
) -> TaskRoster:
    """These entities of a scope, each into the roster or left out with its reason."""
    candidates = _not_repeated(task, candidates_of(task, scope, only))
    return roster_of_task(candidates, reckoned.slots, reckoned.cap, reckoned.drawn, held)


def candidates_of(task: Task, scope: Scope, only: Collection[int] | None = None) -> Iterator[Candidate]:
    """Everyone in a scope of a task, or `only` these of them, streamed: a directory may hold a million."""
    columns: list[Any] = [
        Entity.id,
        Entity.code,
        Entity.risk_grade,
        Entity.status,
        cast(Entity.flags, Text),
        cast(Entity.directories, Text),
    ]
    query: Select[Any] = select(*columns).where(*range_of(task, scope)).order_by(Entity.id)
    if only is not None:
        query = query.where(among(Entity.id, only))
    words = {status: "" if status == DRAWABLE_STATUS else said for status, said in STATUSES.items()}
    known: dict[tuple[str, str], tuple[bool, frozenset[str]]] = {}
    streamed = db.session.execute(query.execution_options(yield_per=STREAMED))
    for entity_id, code, grade, status, flags, directories in streamed:
        marks = known.get((flags, directories))
        if marks is None:
            # The same few lists stand in a million rows: each is read once.
            held = json.loads(flags)
            listed = is_listed(scope, json.loads(directories), held)
            marks = known[flags, directories] = (listed, frozenset(held))
        if marks[0]:
            yield Candidate(entity_id, code, grade, words[status], marks[1])


def _not_repeated(task: Task, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """The candidates, marked where all the task's matters were in order this year and the rules forbid to repeat them
    (004 art. 14), or where another department is at it in the same days, too late for a joint visit (003 art. 12)."""
    rules = pinned_rules(task)
    passed = _passed(task) if rules.flag("cap.passed_not_repeated") else set[int]()
    elsewhere = _inspected_elsewhere(task) if rules.text("merge.otherwise") else set[int]()
    special = frozenset(rules.words("cap.not_binding"))
    for candidate in candidates:
        if candidate.status_words or candidate.flags & special:
            yield candidate
        elif candidate.entity_id in passed:
            yield candidate._replace(status_words="本年已检查合格，不重复检查")
        elif candidate.entity_id in elsewhere:
            yield candidate._replace(status_words="同期已由其他科室检查，不能再合并成一次")
        else:
            yield candidate


def _inspected_elsewhere(task: Task) -> set[int]:
    found: set[int] = set()
    announce("inspected.asked", task=task, found=found)
    stands = standing_for(task.agency_id)
    return {stands.get(number, number) for number in found}


def _passed(task: Task) -> set[int]:
    found: dict[int, set[int]] = {held.matter_id: set() for held in task.matters}
    announce("passed.asked", agency_id=task.agency_id, year=today().year, found=found)
    stands = standing_for(task.agency_id)
    passed = [{stands.get(number, number) for number in entities} for entities in found.values()]
    return set.intersection(*passed) if passed else set()


def range_of(task: Task, scope: Scope) -> list[ColumnElement[bool]]:
    """What the database can say of a range; classified directories and flags are asked row by row."""
    return conditions(task.agency_id, {matter.entity_kind for matter in matters_of_task(task)}, scope)


def size_of(tasks: Sequence[Task]) -> int:
    """How many entities stand in these tasks' ranges, by the quick count of the database."""
    counted = select(func.count()).select_from(Entity)
    return sum(
        db.session.scalar(counted.where(*range_of(task, one.scope))) or 0
        for task in tasks
        for one in classes_of_task(task)
    )


def class_prefix(number: int, tasks: int, name: str) -> str:
    """What stands before the grade in a stratum's id: the task's number among several, and the class's name.

    `|` and line ends divide the committed files.
    """
    written = " ".join(name.replace("|", "／").split())
    return (f"{number}·" if tasks > 1 else "") + (f"{written}·" if written else "")


def standing_of_draws(agency_id: int) -> frozenset[tuple[int, str]]:
    """How every draw stands and what was told of it last: while this is the same, so is everything the cap counts."""
    told = func.coalesce(func.max(DrawEvent.id), 0)
    query = select(Draw.id, Draw.status, told).outerjoin(DrawEvent, DrawEvent.draw_id == Draw.id)
    query = query.where(Draw.agency_id == agency_id, Draw.rehearsal.is_(False))
    rows = db.session.execute(query.group_by(Draw.id, Draw.status))
    return frozenset((draw_id, f"{status} {event}") for draw_id, status, event in rows)


def barred_now(task: Task, entities: Iterable[Entity]) -> dict[int, str]:
    """Why each of these could not stand in the task's roster today, by entity id: the cap, or gone from the directory."""
    rules = pinned_rules(task)
    cap, drawn, held = cap_rule(rules), Counter[tuple[int, str]](), Counter[tuple[int, str]]()
    if cap.limit is not None:
        drawn, held = slots_drawn(task.agency_id, rules), slots_held(task.agency_id, rules)
    seen = [
        Candidate(
            entity.id,
            entity.code,
            entity.risk_grade,
            "" if entity.status == DRAWABLE_STATUS else STATUSES[entity.status],
            frozenset(entity.flags),
        )
        for entity in entities
    ]
    roster = roster_of_task(seen, slots_of_task(task, rules), cap, drawn, held)
    return {c.entity_id: reason for reason, candidates in roster.left_out.items() for c in candidates}


def _exempt(agency_id: int, tasks: Sequence[Task], rules: RuleProfile) -> dict[int, str]:
    if not rules.flag("exemption.allowed"):
        return {}
    never = set(rules.words("exemption.never_covers"))
    covered = {not never.intersection(task.natures) for task in tasks}
    if covered == {True, False}:
        fault = "有的任务不在免检范围，有的在，请分开摇号"
        raise Refusal(DRAW_CANNOT_BE_PREPARED, rules.ground("exemption.never_covers"), fault=fault)
    if covered == {False}:
        return {}
    codes = {matter.code for task in tasks for matter in matters_of_task(task)}
    return {
        held.entity_id: held.reason.replace("\n", " ")
        for held in exemptions_on(agency_id, today())
        if not held.scope or codes <= set(held.scope)
    }
