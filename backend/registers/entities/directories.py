"""The comprehensive directory and the classified ones in it (分类专项名录库): what each is for and who keeps it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from backend.core.errors import INVALID_INPUT, Refusal
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.db import db, transaction
from backend.registers.entities.models import ClassifiedDirectory
from backend.registers.entities.search import words_of_facet


@dataclass(frozen=True)
class DirectoryLine:
    """One classified directory with how many entities stand in it; `kept` is None while nobody has described it."""

    name: str
    count: int
    kept: ClassifiedDirectory | None


def directory_lines(agency_id: int) -> list[DirectoryLine]:
    """Every classified directory that is described or that an entity names."""
    described = {kept.name: kept for kept in _described(agency_id)}
    counts = words_of_facet(agency_id, "directory")
    names = sorted({*described, *counts})
    return [DirectoryLine(name, counts.get(name, 0), described.get(name)) for name in names]


def describe(actor: Actor, name: str, entered: Mapping[str, str], department_id: int | None) -> None:
    """Say of a classified directory its object type, indices and supervision demands, and who keeps it."""
    require(actor, Capability.KEEP_ENTITIES)
    name = name.strip()
    if not name or len(name) > 60:
        raise Refusal(INVALID_INPUT, detail="名录名称要填，最多 60 个字")
    texts = {field: entered.get(field, "").strip() for field in ("object_type", "indices", "demands")}
    if not texts["object_type"]:
        raise Refusal(INVALID_INPUT, detail="对象类型要填，如“年耗能一万吨标准煤以上的企业”")
    with transaction():
        hold_chain(actor.agency_id)
        kept = next((each for each in _described(actor.agency_id) if each.name == name), None)
        if kept is None:
            kept = ClassifiedDirectory(agency_id=actor.agency_id, name=name, **texts)
            db.session.add(kept)
        for field, text in texts.items():
            setattr(kept, field, text)
        kept.department_id = department_id
        db.session.flush()
        record(actor, "directory.describe", "classified_directory", kept.id, after={"name": name, **texts})


def _described(agency_id: int) -> list[ClassifiedDirectory]:
    query = select(ClassifiedDirectory).where(ClassifiedDirectory.agency_id == agency_id)
    return list(db.session.scalars(query.order_by(ClassifiedDirectory.name)))
