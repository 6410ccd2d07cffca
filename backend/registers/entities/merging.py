"""Entries that may be one and the same: found by the program, decided by a person, and taken back if wrong.

What is known of the firm under the entry that is merged holds for the one that stands for it: its flags and its exemption
pass on, and end there when the merge is taken back.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from backend.core.errors import (
    ALREADY_MERGED,
    KEPT_IS_NOT_DRAWN,
    MERGE_STANDS,
    NOT_FOUND,
    REASON_TOO_SHORT,
    TRANSFER_NOT_IN_STATE,
    Refusal,
)
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, transaction
from backend.registers.entities.actions import SHORTEST_REASON, remember, require_keeper
from backend.registers.entities.flagging import keep_borne
from backend.registers.entities.models import Entity, EntityFlag, EntityMerge, Exemption
from backend.registers.entities.queries import dated_flags, entity, exemption_of, open_flags_of
from backend.registers.entities.rules import DRAWABLE_STATUS, MERGED, STATUSES, TRANSFER_STATES, holds_as_long
from backend.registers.entities.transfers import SENT, transfers_of

GROUPS_SHOWN = 100


@dataclass(frozen=True)
class Likeness:
    """Entries that look like one, and why."""

    reason: str
    entities: Sequence[Entity]


def likenesses(agency_id: int) -> list[Likeness]:
    """Groups of entries with one name (blanks and brackets aside) or one old registration number."""
    return [
        *_groups(agency_id, "name_key", "名称相同（不计空格和括号的全角半角）"),
        *_groups(agency_id, "registration_no", "原注册号相同，一个按旧号、一个按新码入库"),
    ]


def merge(actor: Actor, kept_id: int, merged_id: int, reason: str) -> EntityMerge:
    """Let one entry stand for another. The other stays with its history, is drawn no more, and can come back."""
    require(actor, Capability.KEEP_ENTITIES)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    with transaction():
        hold_chain(actor.agency_id)
        kept, merged = entity(actor.agency_id, kept_id), entity(actor.agency_id, merged_id)
        for each in (kept, merged):
            require_keeper(actor, each)
            if each.status == MERGED:
                raise Refusal(ALREADY_MERGED, name=each.name)
        if kept is merged:
            raise Refusal(ALREADY_MERGED, name=kept.name)
        _require_that_it_stays_drawn(kept, merged)
        made = EntityMerge(
            agency_id=actor.agency_id,
            kept_id=kept.id,
            merged_id=merged.id,
            status_before=merged.status,
            reason=reason.strip(),
            by_name=actor.name,
            at=now(),
        )
        db.session.add(made)
        before = {"status": merged.status}
        merged.status, merged.merged_into_id = MERGED, kept.id
        source = f"并入 {kept.name}（{kept.code}）：{made.reason}"
        remember(actor, source, [(merged.id, before, {"status": MERGED})])
        db.session.flush()
        passed_on = {"flags": _pass_on_flags(actor, made, kept), "exempt": _pass_on_exemption(made)}
        after = {"kept": kept.code, "merged": merged.code, "reason": made.reason, "passedOn": passed_on}
        record(actor, "entity.merge", "entity", kept.id, after=after)
        return made


def take_back(actor: Actor, merge_id: int, reason: str) -> None:
    """Undo a merge: both entries stand as before it."""
    require(actor, Capability.KEEP_ENTITIES)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    with transaction():
        hold_chain(actor.agency_id)
        made = db.session.get(EntityMerge, merge_id)
        if made is None or made.agency_id != actor.agency_id or made.undone_at is not None:
            raise Refusal(NOT_FOUND, what="这次合并")
        kept, merged = entity(actor.agency_id, made.kept_id), entity(actor.agency_id, made.merged_id)
        require_keeper(actor, merged)
        if kept.status == MERGED:
            raise Refusal(MERGE_STANDS, name=kept.name)
        merged.status, merged.merged_into_id = made.status_before, None
        made.undone_by_name, made.undone_at, made.undone_reason = actor.name, now(), reason.strip()
        source = f"撤回合并：{made.undone_reason}"
        remember(actor, source, [(merged.id, {"status": MERGED}, {"status": merged.status})])
        _end_what_passed_on(actor, made, kept, source)
        record(actor, "entity.unmerge", "entity", made.kept_id, after={"reason": made.undone_reason})


def merges_of(agency_id: int, entity_id: int) -> list[EntityMerge]:
    """The merges, standing or taken back, in which an entity had part."""
    has_part = (EntityMerge.kept_id == entity_id) | (EntityMerge.merged_id == entity_id)
    query = select(EntityMerge).where(EntityMerge.agency_id == agency_id, has_part)
    return list(db.session.scalars(query.order_by(EntityMerge.id.desc())))


def _require_that_it_stays_drawn(kept: Entity, merged: Entity) -> None:
    """A merge must not take a firm out of the draws, nor one out of whose hands it is being given."""
    if merged.status == DRAWABLE_STATUS != kept.status:
        raise Refusal(KEPT_IS_NOT_DRAWN, name=kept.name, state=STATUSES[kept.status])
    if any(each.state == SENT for each in transfers_of(merged.agency_id, merged.id)):
        raise Refusal(TRANSFER_NOT_IN_STATE, name=merged.name, state=TRANSFER_STATES[SENT], step="并入另一户")


def _pass_on_flags(actor: Actor, made: EntityMerge, kept: Entity) -> list[str]:
    """What the merged entry bears and the kept one does not, or not as long."""
    borne = {str(flag): flag.until for flag in dated_flags({kept.id: kept.flags})[kept.id]}
    passed = [
        held
        for held in open_flags_of([made.merged_id])
        if held.flag not in borne or not holds_as_long(borne[held.flag], held.until)
    ]
    for held in passed:
        db.session.add(
            EntityFlag(
                agency_id=made.agency_id,
                entity_id=kept.id,
                flag=held.flag,
                source=held.source,
                since=held.since,
                until=held.until,
                merge_id=made.id,
                by_name=held.by_name,
            )
        )
    db.session.flush()
    keep_borne(actor, kept, f"随合并转来：{made.reason}")
    return sorted({held.flag for held in passed})


def _pass_on_exemption(made: EntityMerge) -> bool:
    """The merged entry's, unless the kept one has its own."""
    held = exemption_of(made.agency_id, made.merged_id, today())
    if held is None or exemption_of(made.agency_id, made.kept_id, today()) is not None:
        return False
    db.session.add(
        Exemption(
            agency_id=made.agency_id,
            entity_id=made.kept_id,
            reason=held.reason,
            scope=held.scope,
            valid_from=held.valid_from,
            valid_to=held.valid_to,
            merge_id=made.id,
            approved_by_name=held.approved_by_name,
            approved_at=held.approved_at,
        )
    )
    return True


def _end_what_passed_on(actor: Actor, made: EntityMerge, kept: Entity, source: str) -> None:
    flags = select(EntityFlag).where(EntityFlag.merge_id == made.id, EntityFlag.ended_at.is_(None))
    exemptions = select(Exemption).where(Exemption.merge_id == made.id, Exemption.ended_at.is_(None))
    for held in [*db.session.scalars(flags), *db.session.scalars(exemptions)]:
        held.ended_at, held.ended_reason = now(), source
    db.session.flush()
    keep_borne(actor, kept, source)


def _groups(agency_id: int, column_name: str, reason: str) -> list[Likeness]:
    column = getattr(Entity, column_name)
    there = (Entity.agency_id == agency_id) & (Entity.status != MERGED) & (column != "")
    twice = select(column).where(there).group_by(column).having(func.count(Entity.id) > 1)
    shared = list(db.session.scalars(twice.order_by(column).limit(GROUPS_SHOWN)))
    query = select(Entity).where(there, column.in_(shared)).order_by(column, Entity.id)
    groups: dict[str, list[Entity]] = {}
    for found in db.session.scalars(query):
        groups.setdefault(getattr(found, column_name), []).append(found)
    return [Likeness(reason, group) for group in groups.values()]
