"""How a draw ends: voided with its number kept, allowed anew, its record opened, a single code opened on request."""

from sqlalchemy import select, update

from backend.core.errors import DRAW_NOT_IN_STATE, NOT_FOUND, REASON_TOO_SHORT, WINDOW_STILL_OPEN, Refusal
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.audit.queries import entries_on
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.planning.draw.actions import in_state, previous_hash, seal_record
from backend.planning.draw.commit import NONCE_SEAL
from backend.planning.draw.computing import ALTERATIONS, Computed, computed_record, keep
from backend.planning.draw.events import tell
from backend.planning.draw.files_at_rest import KnownEntity, known_entities, known_inspectors
from backend.planning.draw.hands import hands_of
from backend.planning.draw.models import Draw, Pick
from backend.planning.draw.pinned_rules import opening_rule, rules_of_draw
from backend.planning.draw.queries import draw_of, tasks_of_draw
from backend.planning.draw.record import blank_record, record_hash, signatures_hash
from backend.planning.draw.words import STATUSES
from backend.planning.matching.models import Seat
from backend.plumbing.clock import now, today
from backend.plumbing.db import db, transaction
from backend.plumbing.sealing import unseal
from backend.registers.inspectors.models import Inspector

SHORTEST_REASON = 4


def void(actor: Actor, draw_id: int, reason: str) -> None:
    """Void an unlocked draw: the number stays, and what it would have picked is kept where all inputs were in.

    A witness who never wrote, or never opened what was sealed, is named in the public line; so is one whose input
    the host withdrew, for it might have told what would have been picked.
    """
    require(actor, Capability.DECIDE_ON_DRAW)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(REASON_TOO_SHORT, least=SHORTEST_REASON)
    computed, altered = _what_it_would_have_been(draw_of(actor.agency_id, draw_id))
    with transaction():
        hold_chain(actor.agency_id)
        draw = draw_of(actor.agency_id, draw_id)
        db.session.refresh(draw, with_for_update=True)
        if draw.status not in ("committed", "drawn"):
            state = STATUSES[draw.status]
            raise Refusal(DRAW_NOT_IN_STATE, serial=draw.serial, state=state, step="作废")
        withdrawn = _withdrawn_inputs(draw)
        missing = [w.name for w in draw.witnesses if w.input_sealed is None and w.name not in withdrawn]
        _give_a_record(draw, computed)
        seal_record(draw)
        db.session.execute(update(Pick).where(Pick.draw_id == draw.id).values(status="void"))
        db.session.expire(draw, ["picks"])
        for task in tasks_of_draw(draw):
            task.status = "drafted"
        draw.status, draw.voided_at = "void", now()
        draw.void_reason, draw.void_approved_by_name = reason.strip(), actor.name
        assert draw.record is not None, "a void draw keeps a record"
        facts: dict[str, object] = {"reason": reason.strip(), "approver": actor.name}
        facts |= {"missing": missing} if missing else {}
        facts |= {"withdrawn": withdrawn} if withdrawn else {}
        facts |= {"altered": altered} if altered else {}
        facts |= {"hands": hands} if (hands := hands_of(draw)) else {}
        tell(draw, "void", {**facts, "signatures": signatures_hash(draw.record)})
        record(actor, "draw.void", "draw", draw.id, after=facts)


def _withdrawn_inputs(draw: Draw) -> list[str]:
    """Witnesses whose input was thrown away and never written anew, by name."""
    told = [e for e in entries_on(draw.agency_id, "draw", draw.id) if e.verb == "draw.withdraw_input"]
    names = {entry.detail["witness"] for entry in told}
    return [w.name for w in draw.witnesses if w.input_sealed is None and w.name in names]


def allow_redraw(actor: Actor, draw_id: int) -> None:
    """The head allows the tasks of a void draw to be drawn anew."""
    require(actor, Capability.DECIDE_ON_DRAW)
    with transaction():
        draw = in_state(actor, draw_id, "void", "批准重摇")
        draw.redraw_allowed_by_name = actor.name
        tell(draw, "redraw_allowed", {"approver": actor.name})
        record(actor, "draw.allow_redraw", "draw", draw.id, after={"serial": draw.serial})


def open_record(actor: Actor, draw_id: int) -> None:
    """After the last window: say who the drawn codes and numbers are, so that anyone can check the draw."""
    require(actor, Capability.HOLD_DRAW)
    with transaction():
        hold_chain(actor.agency_id)
        draw = draw_of(actor.agency_id, draw_id)
        db.session.refresh(draw, with_for_update=True)
        if draw.status not in ("locked", "void") or draw.revealed_at is not None or draw.rehearsal:
            state = "已公开" if draw.revealed_at else "是演练" if draw.rehearsal else STATUSES[draw.status]
            raise Refusal(DRAW_NOT_IN_STATE, serial=draw.serial, state=state, step="公开记录")
        closes = max(task.window_to for task in tasks_of_draw(draw))
        if today() <= closes:
            raise Refusal(WINDOW_STILL_OPEN, opening_rule(rules_of_draw(draw)), day=closes.isoformat())
        known = known_entities(draw)
        drawn = db.session.scalars(select(Pick.code).where(Pick.draw_id == draw.id).distinct())
        salts = {
            code: {"code": known[code].code, "salt": salt.hex()}
            for code in sorted(drawn)
            if (salt := known[code].salt) is not None
        }
        tell(draw, "opened", {"salts": salts, "inspectors": _inspector_names(draw)})
        draw.revealed_at = now()
        record(actor, "draw.open", "draw", draw.id, after={"opened": len(salts)})


def open_one_code(actor: Actor, draw_id: int, code: str) -> KnownEntity:
    """An entity asks for its own masked code: given to it alone, on the trail, once the record is open (draw.md 1.1)."""
    require(actor, Capability.HOLD_DRAW)
    with transaction():
        hold_chain(actor.agency_id)
        draw = draw_of(actor.agency_id, draw_id)
        if draw.revealed_at is None:
            state = STATUSES[draw.status]
            raise Refusal(
                DRAW_NOT_IN_STATE, serial=draw.serial, state=state, step="告知遮盖编码，公开记录以后再办"
            )
        found = next((known for known in known_entities(draw).values() if known.code == code.strip()), None)
        if found is None:
            raise Refusal(NOT_FOUND, what=f"{code.strip() or '这家单位'}（不在这次摇号的名录和排除名单里）")
        record(actor, "draw.open_one_code", "draw", draw.id, after={"code": found.roster_code})
        return found


def _what_it_would_have_been(draw: Draw) -> tuple[Computed | None, str]:
    """The outcome of a draw whose inputs were all in; or that what was frozen has been altered since."""
    given = all(witness.input_sealed for witness in draw.witnesses)
    if draw.record_hash is not None or not given or (draw.commit_doc["beacon"] and not draw.beacon_value):
        return None, ""
    try:
        return computed_record(draw), ""
    except Refusal as refusal:
        if refusal.problem not in ALTERATIONS:
            raise
        return None, refusal.sentence_zh


def _give_a_record(draw: Draw, computed: Computed | None) -> None:
    if draw.record_hash is not None:
        return
    if computed is not None:
        keep(draw, computed)
        return
    nonce = unseal(NONCE_SEAL, draw.nonce_sealed)
    draw.record = blank_record(draw.commit_doc, nonce, draw.published_at, previous_hash(draw))
    draw.record_hash = record_hash(draw.record)


def _inspector_names(draw: Draw) -> dict[str, str]:
    """Name by draw-local id: those drawn from, and those appointed since."""
    names = {known.draw_id: known.name for known in known_inspectors(draw).values()}
    seated = select(Seat.inspector_draw_id, Inspector.name).join(Inspector, Inspector.id == Seat.inspector_id)
    appointed = db.session.execute(seated.where(Seat.draw_id == draw.id).distinct())
    return names | {draw_local: name for draw_local, name in appointed if draw_local}
