"""Reads of the matter list: the working state, the versions, and what may be drawn for."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from backend.core.errors import NOT_FOUND, Refusal
from backend.foundation.accounts.queries import departments_of
from backend.foundation.permissions.actor import Actor
from backend.foundation.rule_profiles.queries import profile_for
from backend.plumbing.db import db
from backend.registers.columns.rules import Column, Fault, GoodRow, RowCheck, Standing
from backend.registers.matters.columns import KEY_FIELD, columns
from backend.registers.matters.models import Matter, MatterList


def matter_columns(agency_id: int) -> tuple[Column, ...]:
    """The spreadsheet's columns for this agency."""
    return columns({department.name: department.id for department in departments_of(agency_id)})


def matters_of(agency_id: int) -> list[Matter]:
    """Every matter on the list as it stands, by code; withdrawn ones are left out."""
    query = select(Matter).where(Matter.agency_id == agency_id, Matter.status != "withdrawn")
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


def list_in_force(agency_id: int) -> MatterList | None:
    """The newest published version."""
    return next((held for held in versions_of(agency_id) if held.status == "published"), None)


def standing_matters(agency_id: int) -> Mapping[str, Standing]:
    """The list by matter code, for comparison with a file."""
    query = select(Matter).where(Matter.agency_id == agency_id)
    return {held.code: Standing(held.id, record_of(held)) for held in db.session.scalars(query)}


def record_of(held: Matter) -> dict[str, Any]:
    """A matter as the columns' values."""
    names = [column.field for column in columns({}) if column.field != "ratio"]
    ratio = None if held.ratio_num is None or held.ratio_den is None else (held.ratio_num, held.ratio_den)
    return {**{name: getattr(held, name) for name in names}, "ratio": ratio}


def general_matters_have_a_ratio(actor: Actor, standing: Mapping[str, Standing]) -> RowCheck:
    """A general matter's ratio is limited, so it must be stated (003 art. 5)."""
    profile = profile_for(actor.agency_id)
    limited = profile.flag("matter.general_ratio_limited")
    citation = profile.cite("matter.general_ratio_limited")

    def check(row: GoodRow) -> list[Fault]:
        known = standing.get(row.values[KEY_FIELD])
        held = known.values if known else {"ratio": None}
        ratio = row.values.get("ratio", held["ratio"])
        if not limited or row.values["matter_class"] != "general" or ratio is not None:
            return []
        address = row.addresses.get("ratio", row.addresses[KEY_FIELD])
        return [Fault(address, "抽查比例", "", "一般事项应写明抽查比例，如 5%", citation)]

    return check
