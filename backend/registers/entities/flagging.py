"""Flags of an entity with their source and their last day: raised, ended early, and lapsed by themselves."""

from datetime import date

from sqlalchemy import select

from backend.core.errors import INVALID_INPUT, NOT_FOUND, Refusal
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, transaction
from backend.registers.entities.actions import remember, require_keeper
from backend.registers.entities.models import Entity, EntityFlag
from backend.registers.entities.queries import entity, open_flags_of
from backend.registers.entities.rules import FLAGS


def raise_flag(actor: Actor, entity_id: int, flag: str, source: str, since: date, until: date | None) -> None:
    """Flag an entity, saying who found it and how long it holds."""
    require(actor, Capability.KEEP_ENTITIES)
    if flag not in FLAGS:
        raise Refusal(INVALID_INPUT, detail="先选一种标记")
    if not source.strip():
        raise Refusal(INVALID_INPUT, detail="写明标记的来源，如列入决定书文号")
    if since > today():
        raise Refusal(INVALID_INPUT, detail="起始日期还没有到")
    if until is not None and until < max(since, today()):
        raise Refusal(INVALID_INPUT, detail="截止日期已过")
    with transaction():
        hold_chain(actor.agency_id)
        found = entity(actor.agency_id, entity_id)
        require_keeper(actor, found)
        if flag in found.flags and flag not in lapsed_of(entity_id, today()):
            raise Refusal(INVALID_INPUT, detail=f"{FLAGS[flag]}已经标记，先结束原来的")
        _end(entity_id, flag, "到期")
        db.session.add(
            EntityFlag(
                agency_id=actor.agency_id,
                entity_id=entity_id,
                flag=flag,
                source=source.strip(),
                since=since,
                until=until,
                by_name=actor.name,
            )
        )
        before, found.flags = list(found.flags), [*(held for held in found.flags if held != flag), flag]
        remember(actor, source.strip(), [(entity_id, {"flags": before}, {"flags": found.flags})])
        after = {"flag": flag, "source": source.strip(), "until": until.isoformat() if until else None}
        record(actor, "entity.flag", "entity", entity_id, after=after)


def end_flag(actor: Actor, entity_id: int, flag: str, reason: str) -> None:
    """Take a flag off before its last day."""
    require(actor, Capability.KEEP_ENTITIES)
    if not reason.strip():
        raise Refusal(INVALID_INPUT, detail="写明为什么移出")
    with transaction():
        hold_chain(actor.agency_id)
        found = entity(actor.agency_id, entity_id)
        require_keeper(actor, found)
        if flag not in found.flags:
            raise Refusal(NOT_FOUND, what="这个标记")
        _end(entity_id, flag, reason.strip())
        before, found.flags = list(found.flags), [held for held in found.flags if held != flag]
        remember(actor, reason.strip(), [(entity_id, {"flags": before}, {"flags": found.flags})])
        record(actor, "entity.unflag", "entity", entity_id, after={"flag": flag, "reason": reason.strip()})


def end_lapsed_flags() -> None:
    """Take off every flag whose last day is over; done each day by the worker, for all agencies."""
    lapsed = select(EntityFlag).where(EntityFlag.ended_at.is_(None), EntityFlag.until < today())
    for agency_id in db.session.scalars(lapsed.with_only_columns(EntityFlag.agency_id).distinct()).all():
        system = Actor(0, agency_id, None, "系统", frozenset())
        with transaction():
            hold_chain(agency_id)
            for held in db.session.scalars(lapsed.where(EntityFlag.agency_id == agency_id)).all():
                found = entity(agency_id, held.entity_id)
                held.ended_at, held.ended_reason = now(), "到期"
                after = {"flag": held.flag, "reason": "到期"}
                record(system, "entity.unflag", "entity", found.id, after=after)
                keep_borne(system, found, "标记到期")


def keep_borne(actor: Actor, found: Entity, source: str) -> None:
    """Bring the flags that an entity bears in line with what is known of each, with a line of its history."""
    known = flags_of(found.id)
    holding = {held.flag for held in known if held.ended_at is None}
    ended = {held.flag for held in known} - holding
    before = list(found.flags)
    after = [*(flag for flag in before if flag not in ended), *sorted(holding.difference(before))]
    if after != before:
        found.flags = after
        remember(actor, source, [(found.id, {"flags": before}, {"flags": after})])


def flags_of(entity_id: int) -> list[EntityFlag]:
    """Every flag an entity has had, the newest first."""
    query = select(EntityFlag).where(EntityFlag.entity_id == entity_id)
    return list(db.session.scalars(query.order_by(EntityFlag.id.desc())))


def lapsed_of(entity_id: int, day: date) -> frozenset[str]:
    """The flags that an entity still bears and whose last day is over."""
    held = open_flags_of([entity_id])
    holding = {each.flag for each in held if each.until is None or each.until >= day}
    return frozenset(each.flag for each in held) - holding


def _end(entity_id: int, flag: str, reason: str) -> None:
    for held in open_flags_of([entity_id]):
        if held.flag == flag:
            held.ended_at, held.ended_reason = now(), reason
