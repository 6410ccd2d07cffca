"""A draw as the screens tell it: quotas that add up, tickets on their number line, teams by name."""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import segno
from markupsafe import Markup
from sqlalchemy import select

from backend.planning.annual_plan.rules import ratio_words
from backend.planning.draw.committed_files import pairs
from backend.planning.draw.files_at_rest import kept_files
from backend.planning.draw.models import Draw, Pick
from backend.planning.draw.outcome import committed_rules
from backend.planning.draw.seed import keys_of
from backend.planning.draw.words import EVENTS
from backend.planning.matching.models import Seat
from backend.planning.matching.rules import Impossible, match
from backend.planning.scopes.rules import UNGRADED
from backend.plumbing.db import db
from backend.registers.entities.models import Entity
from backend.registers.inspectors.models import Inspector

LONGEST_LINE = 13


@dataclass(frozen=True)
class QuotaRow:
    """One stratum: on the list = left out + taking part."""

    stratum: str
    left_out: int
    taking_part: int
    ratio: str
    quota: int

    @property
    def label(self) -> str:
        return stratum_words(self.stratum)


@dataclass(frozen=True)
class Place:
    """One number of the number line: `on` is this pick, `gone` was met before and skipped or taken."""

    number: int
    css: str


@dataclass(frozen=True)
class ShownPick:
    """One pick as the room sees it: where it stands in its stratum, and its ticket."""

    number: int
    stratum: str
    rank: int
    quota: int
    population: int
    code: str
    ticket: str
    line: list[Place]

    @property
    def label(self) -> str:
        return stratum_words(self.stratum)


@dataclass(frozen=True)
class NamedSeat:
    """One seat; `inspector` None where nobody could take it."""

    seat: Seat
    inspector: Inspector | None


@dataclass(frozen=True)
class NamedTeam:
    """One drawn entity with its team, for those who may know the names."""

    pick: Pick
    entity: Entity
    strata: str
    seats: list[NamedSeat]


@dataclass(frozen=True)
class ToldEvent:
    """One line of events.jsonl in words; `who` is the approver where there was one."""

    at: datetime
    what: str
    detail: str
    who: str


def stratum_words(stratum: str) -> str:
    """`A 级`; entities without a grade are `未评`."""
    return stratum if stratum.endswith(UNGRADED) else f"{stratum} 级"


def told_events(draw: Draw) -> list[ToldEvent]:
    """What happened after the record, newest first."""
    told = []
    for event in reversed(draw.events):
        facts = json.loads(event.line)
        what = EVENTS[facts["event"]]
        told.append(ToldEvent(event.at, what, facts.get("reason", ""), facts.get("approver", "")))
    return told


def quota_rows(draw: Draw) -> list[QuotaRow]:
    """The table of quotas as committed."""
    left_out = {entry["stratum"]: entry["count"] for entry in draw.left_out}
    return [
        QuotaRow(s["id"], left_out.get(s["id"], 0), s["population"], ratio_words(s["ratio"]), s["quota"])
        for s in draw.commit_doc["strata"]
    ]


def shown_picks(draw: Draw) -> list[ShownPick]:
    """Every pick of the record, in the order of the strata and their tickets."""
    assert draw.record is not None, "picks are shown from a record"
    strata = {s["id"]: s for s in draw.commit_doc["strata"]}
    met = _ranks_met(draw.record)
    return [
        ShownPick(
            number,
            p["stratum"],
            p["rank"],
            strata[p["stratum"]]["quota"],
            strata[p["stratum"]]["population"],
            p["code"],
            p["ticket"],
            number_line(p["rank"], strata[p["stratum"]]["population"], met[p["stratum"]]),
        )
        for number, p in enumerate(draw.record["picks"], start=1)
    ]


def number_line(rank: int, population: int, met: set[int]) -> list[Place]:
    """A stretch of the stratum's order with `rank` in it; earlier numbers were met before."""
    first = max(1, min(rank - LONGEST_LINE // 2, population - LONGEST_LINE + 1))
    last = min(population, first + LONGEST_LINE - 1)
    return [
        Place(n, "on" if n == rank else "gone" if n < rank and n in met else "")
        for n in range(first, last + 1)
    ]


def named_teams(draw: Draw) -> list[NamedTeam]:
    """The drawn entities that stay picked, with names and teams."""
    strata: dict[int, list[str]] = {}
    first: dict[int, Pick] = {}
    for pick in draw.picks:
        if pick.status == "picked":
            first.setdefault(pick.entity_id, pick)
            strata.setdefault(pick.entity_id, []).append(pick.stratum)
    entities = {e.id: e for e in db.session.scalars(select(Entity).where(Entity.id.in_(first)))}
    seats: dict[int, list[NamedSeat]] = {}
    query = (
        select(Seat, Inspector)
        .outerjoin(Inspector, Inspector.id == Seat.inspector_id)
        .where(Seat.draw_id == draw.id, Seat.status == "seated")
        .order_by(Seat.position)
    )
    for seat, inspector in db.session.execute(query):
        seats.setdefault(seat.entity_id, []).append(NamedSeat(seat, inspector))
    return [
        NamedTeam(pick, entities[entity_id], "、".join(strata[entity_id]), seats.get(entity_id, []))
        for entity_id, pick in first.items()
    ]


def loads_of(teams: list[NamedTeam]) -> list[tuple[str, int]]:
    """How many entities each inspector has, most first: spread is reported, not promised."""
    counted = Counter(s.inspector.name for team in teams for s in team.seats if s.inspector)
    return counted.most_common()


def qr_code(text: str) -> Markup:
    """A QR code as inline SVG."""
    return Markup(segno.make(text, error="m").svg_inline(scale=4, border=2, omitsize=True, svgclass="qr"))


def impossibility(draw: Draw) -> Impossible | None:
    """Why no teams could be matched, computed again from the record; None where they could."""
    assert draw.record is not None, "matching follows the picks of a record"
    if draw.record["team"] or not draw.record["picks"]:
        return None
    files = kept_files(draw)
    first = {pick["code"]: pick["stratum"] for pick in reversed(draw.record["picks"])}
    found = match(
        list(first.items()),
        pairs(files.inspectors),
        {*pairs(files.recusals)},
        committed_rules(draw.commit_doc),
        keys_of(bytes.fromhex(draw.record["seed"])).inspector,
    )
    return found if isinstance(found, Impossible) else None


def _ranks_met(record: dict[str, Any]) -> dict[str, set[int]]:
    met: dict[str, set[int]] = {}
    for place in [*record["picks"], *record["skipped"]]:
        met.setdefault(place["stratum"], set()).add(place["rank"])
    return met
