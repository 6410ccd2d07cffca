"""Count a task's range before its draw, by stratum and reason, with a paged list behind each number.

The database counts. One by one are looked at only the entities of which more is known than the directory tells: drawn
this year, passed, exempt, under way elsewhere, merged.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from sqlalchemy import and_, not_, or_, select

from backend.core.errors import Ground
from backend.foundation.rule_profiles.rules import RuleProfile
from backend.planning.annual_plan.quotas import by_ratio
from backend.planning.annual_plan.rules import ratio_words
from backend.planning.draw.models import Draw, Pick
from backend.planning.draw.roster import class_prefix, reckoned_for, some_sorted
from backend.planning.draw.roster_rules import HELD, Candidate, TaskRoster
from backend.planning.prospects.holding import held_out, held_slots
from backend.planning.prospects.ranges import Condition, Marked, counted, drawn_from, holds, within
from backend.planning.scopes.rules import EntityClass, as_ratio, grade_words
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import classes_of_task, rules_of_task
from backend.plumbing.bulk import among
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.entities.queries import standing_for
from backend.registers.entities.rules import DRAWABLE_STATUS, FLAGS, STATUSES

RUNNING = ("drawn", "matched", "dispatched")


@dataclass(frozen=True)
class StratumRow:
    """One stratum: in range = left out + taking part; exempt, flagged and under way are among those taking part."""

    id: str
    left_out: int
    exempt: int
    flagged: int
    under_way: int
    taking_part: int
    ratio: str
    quota: int

    @property
    def in_range(self) -> int:
        return self.left_out + self.taking_part

    @property
    def left(self) -> int:
        return self.taking_part - self.exempt


@dataclass(frozen=True)
class Group:
    """Entities behind a number: why they stand apart, with the article, and the condition that finds them."""

    key: str
    words: str
    citation: Ground | None
    count: int
    condition: Condition


@dataclass(frozen=True)
class Outlook:
    """A task's range today."""

    rows: list[StratumRow]
    groups: list[Group]
    without_ratio: list[str]


def outlook_of(task: Task) -> Outlook:
    """What a freeze would find now."""
    return _Looking(task).outlook()


def entities_of_group(group: Group, many: int, after: int = 0, before: int | None = None) -> list[Entity]:
    """One page of a group's entities in the order of the directory: what follows `after`, or precedes `before`."""
    query = select(Entity).where(group.condition)
    if before is not None:
        rows = db.session.scalars(query.where(Entity.id < before).order_by(Entity.id.desc()).limit(many))
        return list(rows)[::-1]
    return list(db.session.scalars(query.where(Entity.id > after).order_by(Entity.id).limit(many)))


class _Looking:
    """One look at a task: what is known of single entities, and the conditions for all others."""

    def __init__(self, task: Task) -> None:
        self.task, self.rules = task, rules_of_task(task.id)
        self.reckoned, self.under_way = reckoned_for(task, self.rules), _under_way(task)
        stands = standing_for(task.agency_id)
        drawn = {entity_id for entity_id, _ in self.reckoned.drawn}
        self.known = {
            *drawn,
            *self.reckoned.settled,
            *self.reckoned.exempt,
            *self.under_way,
            *stands.values(),
        }
        self.held = held_slots(task.agency_id, self.reckoned, self.known, stands)
        self.others = not_(among(Entity.id, self.known))
        self.held_out = held_out(task.agency_id, self.reckoned)
        self.classes = classes_of_task(task)
        self.marks = {one.name: counted(and_(within(task, one.scope), self.others)) for one in self.classes}

    def outlook(self) -> Outlook:
        rows, without_ratio = list[StratumRow](), list[str]()
        rosters = {one.name: self._roster(one) for one in self.classes}
        for one in self.classes:
            taking_part, left_out, flagged = self._counts(one)
            for candidates in rosters[one.name].left_out.values():
                left_out.update(c.stratum for c in candidates)
            for grade in sorted({*taking_part, *rosters[one.name].eligible}):
                known = rosters[one.name].eligible.get(grade, [])
                many = taking_part[grade] + len(known)
                amount = one.amounts.get(grade)
                if amount is None:
                    without_ratio += [] if one.name else [f"{self.task.title} {grade_words(grade)} {many} 家"]
                    continue
                ratio = as_ratio(amount, many)
                rows.append(
                    StratumRow(
                        id=class_prefix(1, 1, one.name) + grade,
                        left_out=left_out[grade],
                        exempt=_among(known, self.reckoned.exempt),
                        flagged=flagged[grade] + sum(bool(c.flags) for c in known),
                        under_way=_among(known, self.under_way),
                        taking_part=many,
                        ratio=ratio_words([*ratio]),
                        quota=by_ratio(many, ratio),
                    )
                )
        return Outlook(rows, self._groups(rosters), without_ratio)

    def _roster(self, one: EntityClass) -> TaskRoster:
        return some_sorted(self.task, one.scope, self.reckoned, self.held, self.known)

    def _counts(self, one: EntityClass) -> tuple[Counter[str], Counter[str], Counter[str]]:
        """Taking part, left out, and flagged among the first, by grade, of everyone of whom nothing more is known."""
        taking_part, left_out, flagged = Counter[str](), Counter[str](), Counter[str]()
        for marked in self.marks[one.name]:
            is_in = marked.status == DRAWABLE_STATUS
            (taking_part if is_in else left_out)[marked.grade] += marked.count
            if is_in and marked.flags:
                flagged[marked.grade] += marked.count
        for marked in self._held_back(within(self.task, one.scope)):
            taking_part[marked.grade] -= marked.count
            left_out[marked.grade] += marked.count
            if marked.flags:
                flagged[marked.grade] -= marked.count
        return +taking_part, left_out, flagged

    def _held_back(self, ranges: Condition) -> list[Marked]:
        return counted(and_(ranges, self.others, Entity.status == DRAWABLE_STATUS, self.held_out))

    def _in_range(self, ranges: Condition) -> list[Marked]:
        """Everyone of whom nothing more is known, each once; only classes that may overlap are counted anew."""
        (only, *further) = self.classes
        return counted(and_(ranges, self.others)) if further else self.marks[only.name]

    def _flags(self, plain: Condition) -> Counter[str]:
        """How many of those who take part carry each flag, of whom nothing more is known."""
        (only, *further) = self.classes
        flags = Counter[str]()
        if further:
            marks = counted(plain)
        else:
            marks = [
                m for m in self.marks[only.name] if m.status == DRAWABLE_STATUS and m.grade in only.amounts
            ]
            for marked in self._held_back(drawn_from(self.task, only)):
                flags.subtract(dict.fromkeys(marked.flags, marked.count))
        for marked in marks:
            flags.update(dict.fromkeys(marked.flags, marked.count))
        return flags

    def _groups(self, rosters: Mapping[str, TaskRoster]) -> list[Group]:
        ranges = or_(*(within(self.task, one.scope) for one in self.classes))
        drawn = or_(*(drawn_from(self.task, one) for one in self.classes))
        plain = and_(drawn, self.others, Entity.status == DRAWABLE_STATUS, not_(self.held_out))
        taking_part = {
            c.entity_id: c
            for one in self.classes
            for grade, candidates in rosters[one.name].eligible.items()
            if grade in one.amounts
            for c in candidates
        }
        found = self._left_out(ranges, rosters)
        exempt = _ids(taking_part, self.reckoned.exempt)
        article = self.rules.ground("exemption.allowed")
        found.append(_listed("exempt", "免检，抽到后由下一家替代", article, exempt))
        flags = self._flags(plain)
        for flag, words in FLAGS.items():
            known = {number for number, c in taking_part.items() if flag in c.flags}
            free = flag in self.rules.words("cap.not_binding")
            said = f"{words}，不受次数限制" if free else words
            condition = or_(and_(plain, holds(Entity.flags, flag)), among(Entity.id, known))
            cited = self.rules.ground("cap.not_binding")
            found.append(Group(flag, said, cited, flags[flag] + len(known), condition))
        merged = _ids(taking_part, self.under_way)
        said, article = "别的任务同期也要查，抽到后合并检查", self.rules.ground("merge.same_window")
        found.append(_listed("under-way", said, article, merged))
        return [group for group in found if group.count]

    def _left_out(self, ranges: Condition, rosters: Mapping[str, TaskRoster]) -> list[Group]:
        known: dict[str, set[int]] = {}
        for roster in rosters.values():
            for reason, candidates in roster.left_out.items():
                known.setdefault(reason, set()).update(c.entity_id for c in candidates)
        conditions = {reason: among(Entity.id, ids) for reason, ids in known.items()}
        counts = Counter({reason: len(ids) for reason, ids in known.items()})
        for marked in self._in_range(ranges):
            if marked.status != DRAWABLE_STATUS:
                reason = STATUSES[marked.status]
                counts[reason] += marked.count
                conditions[reason] = and_(ranges, Entity.status == marked.status)
        if held := sum(marked.count for marked in self._held_back(ranges)):
            counts[HELD] += held
            of_others = and_(ranges, self.others, Entity.status == DRAWABLE_STATUS, self.held_out)
            conditions[HELD] = or_(of_others, among(Entity.id, known.get(HELD, set())))
        return [
            Group(
                f"out-{n}", f"不参加：{reason}", _why(self.rules, reason), counts[reason], conditions[reason]
            )
            for n, reason in enumerate(sorted(counts))
        ]


def _why(rules: RuleProfile, reason: str) -> Ground:
    """What a reason rests on; that an entity has left the register is a fact."""
    if "不重复检查" in reason:
        return rules.ground("cap.passed_not_repeated")
    if "其他科室" in reason:
        return rules.ground("merge.otherwise")
    return rules.ground("cap.value") if "次" in reason else rules.ground("draw.directory")


def _listed(key: str, words: str, citation: Ground | None, ids: Set[int]) -> Group:
    return Group(key, words, citation, len(ids), among(Entity.id, ids))


def _among(candidates: Iterable[Candidate], ids: Mapping[int, str]) -> int:
    return sum(candidate.entity_id in ids for candidate in candidates)


def _ids(taking_part: Mapping[int, Candidate], of: Mapping[int, str]) -> set[int]:
    return {entity_id for entity_id in taking_part if entity_id in of}


def _under_way(task: Task) -> dict[int, str]:
    """Entities that another task has drawn for overlapping days, with its title."""
    query = (
        select(Pick.entity_id, Task.title)
        .join(Draw, Draw.id == Pick.draw_id)
        .join(Task, Task.id == Pick.task_id)
        .where(Draw.agency_id == task.agency_id, Draw.status == "locked", Pick.status == "picked")
        .where(Task.id != task.id, Task.status.in_(RUNNING))
        .where(Task.window_from <= task.window_to, Task.window_to >= task.window_from)
    )
    return dict(db.session.execute(query).all())
