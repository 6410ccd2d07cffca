"""Count a task's range before its draw, by stratum and reason, with the entities behind each number."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from backend.core.errors import Citation
from backend.foundation.rule_profiles.rules import RuleProfile
from backend.planning.annual_plan.quotas import by_ratio
from backend.planning.annual_plan.rules import ratio_words
from backend.planning.draw.models import Draw, Pick
from backend.planning.draw.roster import Prospect, prospect_of
from backend.planning.tasks.models import Task
from backend.planning.tasks.queries import rules_of_task
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.entities.rules import FLAGS

EVERY = ""
RUNNING = ("drawn", "matched", "dispatched")


@dataclass(frozen=True)
class StratumRow:
    """One stratum: in range = left out + taking part; exempt, flagged and under way are among those taking part."""

    id: str
    in_range: int
    left_out: int
    exempt: int
    flagged: int
    under_way: int
    taking_part: int
    ratio: str
    quota: int

    @property
    def left(self) -> int:
        return self.taking_part - self.exempt


@dataclass(frozen=True)
class Group:
    """Entities behind a number: why they stand apart, with the article."""

    key: str
    words: str
    citation: Citation | None
    entity_ids: tuple[int, ...]
    takes_part: bool


@dataclass(frozen=True)
class Outlook:
    """A task's range today."""

    rows: list[StratumRow]
    groups: list[Group]
    without_ratio: list[str]


def outlook_of(task: Task) -> Outlook:
    """What a freeze would find now."""
    prospect, profile = prospect_of([task]), rules_of_task(task.id)
    under_way = _under_way(task)
    rows = [
        StratumRow(
            id=stratum.id,
            in_range=len(stratum.candidates) + stratum.left_out,
            left_out=stratum.left_out,
            exempt=sum(c.entity_id in prospect.exempt for c in stratum.candidates),
            flagged=sum(bool(c.flags) for c in stratum.candidates),
            under_way=sum(c.entity_id in under_way for c in stratum.candidates),
            taking_part=len(stratum.candidates),
            ratio=ratio_words([*stratum.ratio]),
            quota=by_ratio(len(stratum.candidates), stratum.ratio),
        )
        for stratum in prospect.strata
    ]
    return Outlook(rows, _groups(prospect, profile, under_way), prospect.without_ratio)


def entities_by_id(ids: Collection[int]) -> list[Entity]:
    """These entities in the order of the directory."""
    return list(db.session.scalars(select(Entity).where(Entity.id.in_(ids)).order_by(Entity.id)))


def _groups(prospect: Prospect, profile: RuleProfile, under_way: Mapping[int, str]) -> list[Group]:
    found = [
        Group(
            f"out-{number}",
            f"不参加：{reason}",
            profile.cite("cap.value") if "次" in reason else None,
            tuple(c.entity_id for c in candidates),
            False,
        )
        for number, (reason, candidates) in enumerate(prospect.left_out.items())
    ]
    found.append(
        Group(
            "exempt",
            "免检，抽到后由下一家替代",
            profile.cite("exemption.allowed"),
            tuple(prospect.exempt),
            True,
        )
    )
    taking_part = {c.entity_id: c for stratum in prospect.strata for c in stratum.candidates}
    for flag, words in FLAGS.items():
        flagged = tuple(entity_id for entity_id, c in taking_part.items() if flag in c.flags)
        free = flag in profile.words("cap.not_binding")
        said = f"{words}，不受次数限制" if free else words
        found.append(Group(flag, said, profile.cite("cap.not_binding"), flagged, True))
    merged = tuple(entity_id for entity_id in taking_part if entity_id in under_way)
    said = "别的任务同期也要查，抽到后合并检查"
    found.append(Group("under-way", said, profile.cite("merge.same_window"), merged, True))
    return [group for group in found if group.entity_ids]


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
