"""Hand an entity that moved away to another jurisdiction: written notice, answer, and the entry over there (002 art. 28)."""

from sqlalchemy import select

from backend.core.errors import INVALID_INPUT, MERGED_MEANWHILE, NOT_FOUND, TRANSFER_NOT_IN_STATE, Refusal
from backend.foundation.accounts.models import Agency
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.registers.entities.actions import SHORTEST_REASON, remember, require_keeper
from backend.registers.entities.models import Entity, EntityTransfer
from backend.registers.entities.queries import entity, entity_by_code
from backend.registers.entities.rules import DRAWABLE_STATUS, MERGED, TRANSFER_STATES

MOVED_OUT = "moved_out"
SENT = "sent"
_CARRIED = [
    "code",
    "name",
    "kind",
    "address",
    "region",
    "industry",
    "scale",
    "principal",
    "phone",
    "registration_no",
    "identity_no",
    "risk_grade",
    "risk_source",
    "risk_date",
    "directories",
]


def send(
    actor: Actor, entity_id: int, to_agency_id: int | None, to_name: str, notice_no: str, reason: str
) -> EntityTransfer:
    """Send the written notice. Until it is accepted the entity stays where it is."""
    require(actor, Capability.KEEP_ENTITIES)
    if len(reason.strip()) < SHORTEST_REASON or not notice_no.strip():
        raise Refusal(INVALID_INPUT, detail="写明书面告知的文号，和迁出的情况（至少 5 个字）")
    with transaction():
        hold_chain(actor.agency_id)
        found = entity(actor.agency_id, entity_id)
        require_keeper(actor, found)
        there = db.session.get(Agency, to_agency_id) if to_agency_id else None
        name = there.name if there else to_name.strip()
        if not name or (there is not None and there.id == actor.agency_id):
            raise Refusal(INVALID_INPUT, detail="选接收单位；不在本系统的写明单位全称")
        open_already = [each for each in transfers_of(actor.agency_id, entity_id) if each.state == SENT]
        if open_already or found.status in (MOVED_OUT, MERGED):
            raise Refusal(TRANSFER_NOT_IN_STATE, name=found.name, state="已在转交或已迁出", step="再次转交")
        made = EntityTransfer(
            agency_id=actor.agency_id,
            entity_id=found.id,
            to_agency_id=there.id if there else None,
            to_name=name,
            notice_no=notice_no.strip(),
            reason=reason.strip(),
            state=SENT,
            sent_by_name=actor.name,
            sent_at=now(),
        )
        db.session.add(made)
        db.session.flush()
        after = {"to": name, "notice": made.notice_no, "reason": made.reason}
        record(actor, "transfer.send", "entity", found.id, after=after)
        return made


def answer(actor: Actor, transfer_id: int, accepted: bool, words: str) -> EntityTransfer:
    """The receiving agency's answer; for one that does not work here the sender enters what its letter says."""
    require(actor, Capability.KEEP_ENTITIES)
    if not words.strip():
        raise Refusal(INVALID_INPUT, detail="写明回函文号或答复意见")
    with transaction():
        _hold_both_chains(actor, transfer_id)
        made = _transfer_to_answer(actor, transfer_id)
        found = db.session.get_one(Entity, made.entity_id, populate_existing=True)
        if accepted and found.status == MERGED:
            raise Refusal(MERGED_MEANWHILE, name=found.name)
        made.state = "accepted" if accepted else "declined"
        made.answer, made.answered_by_name, made.answered_at = words.strip(), actor.name, now()
        if accepted:
            before, found.status = {"status": found.status}, MOVED_OUT
            source = f"转交 {made.to_name}，{made.notice_no}，答复：{made.answer}"
            remember(actor, source, [(found.id, before, {"status": MOVED_OUT})])
            if made.to_agency_id is not None:
                made.new_entity_id = _entered_there(actor, made, found).id
        after = {"state": made.state, "answer": made.answer, "notice": made.notice_no}
        record(actor, "transfer.answer", "entity", made.new_entity_id or found.id, after=after)
        return made


def withdraw(actor: Actor, transfer_id: int) -> None:
    """Take the notice back while it is unanswered."""
    require(actor, Capability.KEEP_ENTITIES)
    with transaction():
        hold_chain(actor.agency_id)
        made = db.session.get(EntityTransfer, transfer_id, with_for_update=True)
        if made is None or made.agency_id != actor.agency_id:
            raise Refusal(NOT_FOUND, what="这次转交")
        _require_sent(made, "撤回")
        made.state = "withdrawn"
        record(actor, "transfer.withdraw", "entity", made.entity_id, after={"notice": made.notice_no})


def transfers_of(agency_id: int, entity_id: int) -> list[EntityTransfer]:
    """The transfers of one entity, newest first."""
    query = select(EntityTransfer).where(
        EntityTransfer.agency_id == agency_id, EntityTransfer.entity_id == entity_id
    )
    return list(db.session.scalars(query.order_by(EntityTransfer.id.desc())))


def transfers_with(agency_id: int) -> tuple[list[EntityTransfer], list[EntityTransfer]]:
    """What others hand to this agency, and what it hands to others; newest first."""
    newest = select(EntityTransfer).order_by(EntityTransfer.id.desc()).limit(200)
    incoming = db.session.scalars(newest.where(EntityTransfer.to_agency_id == agency_id))
    outgoing = db.session.scalars(newest.where(EntityTransfer.agency_id == agency_id))
    return list(incoming), list(outgoing)


def other_agencies(agency_id: int) -> list[Agency]:
    """Who may receive within this installation."""
    return list(db.session.scalars(select(Agency).where(Agency.id != agency_id).order_by(Agency.name)))


def _hold_both_chains(actor: Actor, transfer_id: int) -> None:
    """The sender's entry changes too, in a directory and an index of its own; the lower agency first, so that two who
    answer each other do not wait for one another."""
    made = db.session.get(EntityTransfer, transfer_id)
    for agency_id in sorted({actor.agency_id, made.agency_id if made else actor.agency_id}):
        hold_chain(agency_id)


def _transfer_to_answer(actor: Actor, transfer_id: int) -> EntityTransfer:
    made = db.session.get(EntityTransfer, transfer_id, with_for_update=True, populate_existing=True)
    answers = (made.to_agency_id or made.agency_id) if made else None
    if made is None or answers != actor.agency_id:
        raise Refusal(NOT_FOUND, what="这次转交")
    _require_sent(made, "答复")
    return made


def _require_sent(made: EntityTransfer, step: str) -> None:
    if made.state != SENT:
        raise Refusal(
            TRANSFER_NOT_IN_STATE, name=made.entity.name, state=TRANSFER_STATES[made.state], step=step
        )


def _entered_there(actor: Actor, made: EntityTransfer, found: Entity) -> Entity:
    if (there := entity_by_code(actor.agency_id, found.code)) is not None:
        if there.status == MOVED_OUT:
            # It comes home: left as moved out, it would stand in no directory at all.
            there.status = DRAWABLE_STATUS
            source = f"由其他单位转交，{made.notice_no}"
            remember(actor, source, [(there.id, {"status": MOVED_OUT}, {"status": there.status})])
        return there
    values = {name: getattr(found, name) for name in _CARRIED}
    values |= {"status": "active", "flags": [], "department_id": actor.department_id}
    entered = Entity(agency_id=actor.agency_id, **values)
    db.session.add(entered)
    db.session.flush()
    remember(actor, f"由其他单位转交，{made.notice_no}", [(entered.id, None, values)])
    return entered
