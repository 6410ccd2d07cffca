"""Reads of the matter list: the working state, the versions, and what may be drawn for."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from backend.core.clock import day_in_china
from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.accounts.queries import departments_of
from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.db import db
from backend.registers.columns.rules import Column, Fault, GoodRow, RowCheck, Standing
from backend.registers.matters.columns import KEY_FIELD, columns
from backend.registers.matters.models import Matter, MatterList
from backend.registers.matters.rules.differences import Differences, Row, differences
from backend.registers.matters.rules.ratios import read_ratio

FIELDS = tuple(column.field for column in columns({}))


def matter_columns(agency_id: int) -> tuple[Column, ...]:
    """The spreadsheet's columns for this agency."""
    return columns({department.name: department.id for department in departments_of(agency_id)})


def matters_of(agency_id: int) -> list[Matter]:
    """Every matter on the list as it stands, suspended ones too, by code; abolished ones are left out."""
    query = select(Matter).where(Matter.agency_id == agency_id, Matter.status != "abolished")
    return list(db.session.scalars(query.order_by(Matter.code)))


def abolished_matters(agency_id: int) -> list[Matter]:
    """The matters that no longer stand on the list but under which visits may have been made."""
    query = select(Matter).where(Matter.agency_id == agency_id, Matter.status == "abolished")
    return list(db.session.scalars(query.order_by(Matter.code)))


def published_matters(agency_id: int) -> list[Matter]:
    """The matters that may be inspected now: those of the list in force (清单之外无检查)."""
    return [matter for matter in matters_of(agency_id) if matter.status == "published"]


def matter(agency_id: int, matter_id: int) -> Matter:
    """One matter of the agency; refused when not there or not theirs."""
    found = db.session.get(Matter, matter_id)
    if found is None or found.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="抽查事项")
    return found


def unread_ratios(agency_id: int) -> list[Matter]:
    """The matters whose ratio is worded so that a person must say what it means, and nobody has yet."""
    return [held for held in matters_of(agency_id) if is_unread(held)]


def is_unread(held: Matter) -> bool:
    """Whether a person must still say what the matter's ratio means."""
    return held.ratio_answered_at is None and not read_ratio(held.ratio_text).certain


def versions_of(agency_id: int) -> list[MatterList]:
    """Every version of the list, newest first."""
    query = select(MatterList).where(MatterList.agency_id == agency_id)
    return list(db.session.scalars(query.order_by(MatterList.version.desc())))


def version(agency_id: int, version_id: int) -> MatterList:
    """One version; refused when not there or not theirs."""
    found = db.session.get(MatterList, version_id)
    if found is None or found.agency_id != agency_id:
        raise Refusal(NOT_FOUND, what="清单版本")
    return found


def version_numbered(agency_id: int, number: int) -> MatterList:
    """One version by its number; refused when there is none."""
    found = next((held for held in versions_of(agency_id) if held.version == number), None)
    if found is None:
        raise Refusal(NOT_FOUND, what=f"清单第 {number} 版")
    return found


def list_in_force(agency_id: int) -> MatterList | None:
    """The newest published version."""
    return next((held for held in versions_of(agency_id) if held.status == "published"), None)


def list_step(agency_id: int) -> str:
    """What the list waits for: `submit` (again), `approve` or `publish`; empty where nothing in it is a draft."""
    newest = next(iter(versions_of(agency_id)), None)
    if newest is not None and newest.status != "published":
        return "approve" if newest.status == "draft" else "publish"
    return "submit" if any(held.status == "draft" for held in matters_of(agency_id)) else ""


def first_published(agency_id: int) -> dict[int, date]:
    """The day on which each matter was first published, by matter id."""
    found: dict[int, date] = {}
    for held in versions_of(agency_id):
        if held.published_at is not None:
            found.update({row["id"]: day_in_china(held.published_at) for row in held.snapshot})
    return found


def version_before(held: MatterList) -> MatterList | None:
    """The version that this one follows."""
    return next((each for each in versions_of(held.agency_id) if each.version < held.version), None)


def differences_between(earlier: Sequence[Row], later: Sequence[Row]) -> Differences:
    """What `later` changes against `earlier`, over the columns of the list and what its ratios amount to."""
    return differences(earlier, later, (*FIELDS, "ratio"))


def list_as_it_stands(agency_id: int) -> list[dict[str, Any]]:
    """The rows that a version submitted now would hold: suspended matters are not in it."""
    return [snapshot_row(held) for held in matters_of(agency_id) if held.status != "suspended"]


def snapshot_row(held: Matter) -> dict[str, Any]:
    """A matter as a version keeps it: the columns' values, and what its ratio amounts to."""
    ratio = None if held.ratio_num is None else [held.ratio_num, held.ratio_den]
    return {"id": held.id, **record_of(held), "ratio": ratio}


def standing_matters(agency_id: int) -> Mapping[str, Standing]:
    """The list by matter code, abolished ones too, for comparison with a file."""
    query = select(Matter).where(Matter.agency_id == agency_id)
    return {held.code: Standing(held.id, record_of(held)) for held in db.session.scalars(query)}


def record_of(held: Matter) -> dict[str, Any]:
    """A matter as the columns' values."""
    return {name: getattr(held, name) for name in FIELDS}


def may_stand_on_the_list(actor: Actor, standing: Mapping[str, Standing]) -> RowCheck:
    """A general matter's ratio is limited, so it must be stated (003 art. 5); what was abolished stays so."""
    profile = profile_for(actor.agency_id)
    limited = profile.flag("matter.general_ratio_limited")
    citation = profile.cite("matter.general_ratio_limited")
    abolished = {held.code for held in abolished_matters(actor.agency_id)}

    def check(row: GoodRow) -> list[Fault]:
        code = row.values[KEY_FIELD]
        if code in abolished:
            sentence = "这个编码的事项已废止，做过的检查还要用它；重新列入请用新的编码"
            return [Fault(row.addresses[KEY_FIELD], "事项编码", code, sentence)]
        known = standing.get(code)
        words = str(row.values.get("ratio_text", known.values["ratio_text"] if known else ""))
        reading = read_ratio(words)
        if not limited or row.values.get("matter_class") != "general" or reading.share or not reading.certain:
            return []
        return [
            Fault(
                row.addresses.get("ratio_text", ""),
                "抽查比例",
                words,
                "一般事项应写明抽查比例，如 5%",
                citation,
            )
        ]

    return check
