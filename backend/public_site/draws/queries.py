"""What of a draw is public: at once what binds the agency, the rest when it is opened (draw.md 2). No tip-off: names never before."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, select

from backend.core.errors import NOT_FOUND, Refusal
from backend.core.masking import without_personal_numbers
from backend.decisions.results.disclosure import public_code, public_name
from backend.decisions.results.models import Result
from backend.foundation.accounts.models import Agency
from backend.planning.draw.hands import hands_in_words
from backend.planning.draw.models import Draw, Pick
from backend.planning.matching.models import Seat
from backend.planning.tasks.models import Task
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector

EVENT_WORDS = {
    "locked": "签字后锁定",
    "replaced": "替换对象",
    "seat_redrawn": "更换检查人员",
    "appointed": "委派检查人员",
    "swapped": "交换检查对象",
    "attached": "补充现场影像",
    "void": "作废",
    "redraw_allowed": "批准重摇",
    "opened": "公开名单和随机数",
}


@dataclass(frozen=True)
class PublicDraw:
    """One draw as the public may know it today."""

    draw: Draw
    agency: str

    @property
    def serial(self) -> str:
        return self.draw.serial

    @property
    def is_open(self) -> bool:
        """Whether nonce, salts and names have been opened."""
        return self.draw.revealed_at is not None

    @property
    def window(self) -> tuple[date, date] | None:
        """First and last day of the inspections, as committed."""
        told = self.draw.commit_doc.get("window")
        return (date.fromisoformat(told["from"]), date.fromisoformat(told["to"])) if told else None

    def is_overdue(self, today: date) -> bool:
        """Past the day it was promised to be opened by, and still not open."""
        return not self.is_open and today > self.draw.reveal_by

    @property
    def population(self) -> int:
        """Entities in the roster, counted once in each stratum."""
        return sum(stratum["population"] for stratum in self.draw.commit_doc["strata"])

    @property
    def quota(self) -> int:
        return sum(stratum["quota"] for stratum in self.draw.commit_doc["strata"])


@dataclass(frozen=True)
class DrawnEntity:
    """One drawn entity, named, with its team, leader first: only of an opened draw."""

    pick: Pick
    name: str
    code: str
    team: Sequence[str]


@dataclass(frozen=True)
class Afterwards:
    """One thing that happened to a draw after its record: what, when, why, and who approved it."""

    what: str
    at: datetime
    reason: str
    approver: str


def announced_draws(before: int | None, limit: int) -> list[PublicDraw]:
    """Every announced draw, voids included, the newest first, below id `before` (keyset paging)."""
    query = _announced().order_by(Draw.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Draw.id < before)
    return [PublicDraw(*row) for row in db.session.execute(query)]


def announced_draw(serial: str) -> PublicDraw:
    """The announced draw with this serial; refused as not found otherwise."""
    row = db.session.execute(_announced().where(Draw.serial == serial)).first()
    if row is None:
        raise Refusal(NOT_FOUND, what=f"摇号 {serial}")
    return PublicDraw(*row)


def opened_draw(serial: str) -> PublicDraw:
    """An announced draw that has been opened; until then its files are not found."""
    found = announced_draw(serial)
    if not found.is_open:
        raise Refusal(NOT_FOUND, what=f"摇号 {serial} 的文件（检查期结束后公开）")
    return found


def draw_behind(result: Result) -> PublicDraw | None:
    """The draw that a result's entity was drawn in."""
    if result.draw_id is None:
        return None
    row = db.session.execute(_announced().where(Draw.id == result.draw_id)).first()
    return PublicDraw(*row) if row else None


def drawn_entities(opened: PublicDraw) -> Sequence[DrawnEntity]:
    """Who was drawn, in the order of the strata."""
    query = select(Pick, Entity).join(Entity, Entity.id == Pick.entity_id)
    rows = db.session.execute(query.where(Pick.draw_id == opened.draw.id).order_by(Pick.id))
    teams = _teams_of(opened.draw)
    return [
        DrawnEntity(
            pick,
            public_name(entity.name, entity.kind),
            public_code(entity.code, entity.kind),
            teams.get(entity.id, []),
        )
        for pick, entity in rows
    ]


def what_followed(opened: PublicDraw) -> Sequence[Afterwards]:
    """Every line that follows the record of an opened draw, oldest first."""
    lines = [(event.at, json.loads(event.line)) for event in opened.draw.events]
    return [
        Afterwards(
            EVENT_WORDS.get(line["event"], line["event"]),
            at,
            "；".join(
                filter(
                    None,
                    (
                        without_personal_numbers(line.get("reason", "")),
                        hands_in_words(line.get("hands", {})),
                    ),
                )
            ),
            line.get("approver", ""),
        )
        for at, line in lines
    ]


def names_by_code(opened: PublicDraw) -> Mapping[str, str]:
    """The drawn entities' public names by the code in the committed roster."""
    return {drawn.pick.code: drawn.name for drawn in drawn_entities(opened)}


def tasks_of(draw: Draw) -> Sequence[Task]:
    """The tasks of the draw's campaign."""
    ids = [task.task_id for task in draw.tasks]
    return db.session.scalars(select(Task).where(Task.id.in_(ids)).order_by(Task.id)).all()


def _teams_of(draw: Draw) -> Mapping[int, Sequence[str]]:
    query = select(Seat.entity_id, Inspector.name).join(Inspector, Inspector.id == Seat.inspector_id)
    seated = query.where(Seat.draw_id == draw.id, Seat.status == "seated").order_by(Seat.position)
    teams: dict[int, list[str]] = {}
    for entity_id, name in db.session.execute(seated):
        if name not in teams.setdefault(entity_id, []):
            teams[entity_id].append(name)
    return teams


def _announced() -> Select[Draw, str]:
    return (
        select(Draw, Agency.name).join(Agency, Agency.id == Draw.agency_id).where(Draw.rehearsal.is_(False))
    )
