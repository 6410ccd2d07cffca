"""A draw as the screens tell it: quotas that add up, tickets on their number line, teams by name."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import segno
from flask import url_for
from markupsafe import Markup
from sqlalchemy import func, select

from backend.planning.annual_plan.rules import ratio_words
from backend.planning.draw.committed_files import pairs
from backend.planning.draw.files_at_rest import kept_files
from backend.planning.draw.hands import hands_in_words
from backend.planning.draw.models import Draw, DrawPreparation, Pick
from backend.planning.draw.outcome import committed_rules
from backend.planning.draw.preparing import LINK_SEAL
from backend.planning.draw.seed import keys_of
from backend.planning.draw.words import EVENTS
from backend.planning.matching.models import Seat
from backend.planning.matching.rules import Impossible, match
from backend.planning.scopes.rules import UNGRADED
from backend.plumbing.db import db
from backend.plumbing.sealing import unseal
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
        said = "；".join(filter(None, (facts.get("reason", ""), hands_in_words(facts.get("hands", {})))))
        told.append(ToldEvent(event.at, what, said, facts.get("approver", "")))
    return told


def quota_rows(draw: Draw) -> list[QuotaRow]:
    """The table of quotas as committed."""
    left_out = {entry["stratum"]: entry["count"] for entry in draw.left_out}
    return [
        QuotaRow(s["id"], left_out.get(s["id"], 0), s["population"], ratio_words(s["ratio"]), s["quota"])
        for s in draw.commit_doc["strata"]
    ]


def shown_picks(draw: Draw, first: int = 1, many: int = 100) -> list[ShownPick]:
    """Picks of the record, in the order of the strata and their tickets; a large draw is shown a stretch at a time."""
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
        for number, p in enumerate(draw.record["picks"][first - 1 : first - 1 + many], start=first)
    ]


def number_line(rank: int, population: int, met: set[int]) -> list[Place]:
    """A stretch of the stratum's order with `rank` in it; earlier numbers were met before."""
    first = max(1, min(rank - LONGEST_LINE // 2, population - LONGEST_LINE + 1))
    last = min(population, first + LONGEST_LINE - 1)
    return [
        Place(n, "on" if n == rank else "gone" if n < rank and n in met else "")
        for n in range(first, last + 1)
    ]


def named_teams(draw: Draw, first: int = 0, many: int = 200, pick_id: int | None = None) -> list[NamedTeam]:
    """The drawn entities that stay picked, with names and teams: `many` of them, or the one of a pick."""
    staying = select(func.min(Pick.id), Pick.entity_id).where(
        Pick.draw_id == draw.id, Pick.status == "picked"
    )
    if pick_id is not None:
        staying = staying.where(Pick.entity_id.in_(select(Pick.entity_id).where(Pick.id == pick_id)))
    shown = staying.group_by(Pick.entity_id).order_by(func.min(Pick.id)).offset(first).limit(many)
    ids = [entity_id for _, entity_id in db.session.execute(shown)]
    strata: dict[int, list[str]] = {}
    firsts: dict[int, Pick] = {}
    picks = select(Pick).where(Pick.draw_id == draw.id, Pick.status == "picked", Pick.entity_id.in_(ids))
    for pick in db.session.scalars(picks.order_by(Pick.id)):
        firsts.setdefault(pick.entity_id, pick)
        strata.setdefault(pick.entity_id, []).append(pick.stratum)
    entities = {e.id: e for e in db.session.scalars(select(Entity).where(Entity.id.in_(ids)))}
    seats: dict[int, list[NamedSeat]] = {}
    query = (
        select(Seat, Inspector)
        .outerjoin(Inspector, Inspector.id == Seat.inspector_id)
        .where(Seat.draw_id == draw.id, Seat.status == "seated", Seat.entity_id.in_(ids))
        .order_by(Seat.position)
    )
    for seat, inspector in db.session.execute(query):
        seats.setdefault(seat.entity_id, []).append(NamedSeat(seat, inspector))
    return [
        NamedTeam(pick, entities[entity_id], "、".join(strata[entity_id]), seats.get(entity_id, []))
        for entity_id, pick in firsts.items()
    ]


def loads_of(draw: Draw) -> list[tuple[str, int]]:
    """How many entities each inspector has, most first: spread is reported, not promised."""
    held = func.count(Seat.id)
    query = select(Inspector.name, held).join(Seat, Seat.inspector_id == Inspector.id)
    query = query.where(Seat.draw_id == draw.id, Seat.status == "seated")
    rows = db.session.execute(
        query.group_by(Inspector.id, Inspector.name).order_by(held.desc(), Inspector.id)
    )
    return [(name, count) for name, count in rows]


def teams_count(draw: Draw) -> int:
    """How many entities stay picked."""
    query = select(func.count(Pick.entity_id.distinct()))
    return db.session.scalar(query.where(Pick.draw_id == draw.id, Pick.status == "picked")) or 0


def qr_code(text: str) -> Markup:
    """A QR code as inline SVG."""
    return Markup(segno.make(text, error="m").svg_inline(scale=4, border=2, omitsize=True, svgclass="qr"))


@dataclass(frozen=True)
class SeedLine:
    """One line of the sum that gives the seed: what it is, its value, and who gave it."""

    label: str
    value: str
    note: str = ""


def seed_lines(draw: Draw) -> list[SeedLine]:
    """The seed, line by line, as far as the room may see: the nonce stays covered until the record is opened.

    With open codes the seed itself would tell the room who was drawn (anybody could compute the tickets), so its
    middle is covered too until then.
    """
    record = draw.record
    assert record is not None, "a seed follows from a record"
    is_open = draw.revealed_at is not None
    lines = [
        SeedLine("固定文字", "draw/1/seed"),
        SeedLine("承诺指纹 C", draw.commitment, "抽取前已公布"),
        SeedLine(
            "随机数",
            record["nonce"] if is_open else "盖着",
            f"它的指纹 {draw.commit_doc['nonce_hash'][:16]}… 写在承诺里，检查期结束后公开",
        ),
    ]
    for given in record["inputs"]:
        note = "先在手机上密封，承诺公布后打开" if given["salt"] else "当场写下，一起翻开"
        lines.append(SeedLine(given["name"], given["input"], note))
    if record["beacon"]:
        beacon = record["beacon"]
        lines.append(
            SeedLine(f"{beacon['source']} {beacon['round']}", beacon["value"], "公开随机数，十六进制")
        )
    seed = record["seed"]
    covered = draw.commit_doc["codes"] == "open" and not is_open
    shown = f"{seed[:8]}…{seed[-8:]}" if covered else seed
    return [*lines, SeedLine("种子", shown, "以上各项依次连起来，算一次 SHA-256")]


def unreachable_host(host: str) -> str | None:
    """The host as asked for, where only this computer itself could open a link to it."""
    name = urlsplit(f"//{host}").hostname or ""
    return host if name == "localhost" or name.startswith("127.") or name == "::1" else None


def witness_links(preparation: DrawPreparation) -> dict[int, str]:
    """The address for each witness's phone, by position."""
    return {
        witness.position: url_for(
            "witness.page", secret=unseal(LINK_SEAL, witness.link).decode(), _external=True
        )
        for witness in preparation.witnesses
    }


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
