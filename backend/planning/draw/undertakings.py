"""保密承诺: where the rules ask for it, nobody reads the drawn names before they are public, and no witness joins, without
having promised to keep them. Each promise is kept with its words, and on the trail."""

from sqlalchemy import select

from backend.core.errors import UNDERTAKING_MISSING, Refusal
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.planning.draw.models import Draw, DrawPreparation, DrawUndertaking
from backend.planning.draw.pinned_rules import rules_of_campaign, rules_of_draw
from backend.planning.draw.queries import draw_of
from backend.planning.tasks.queries import task_of
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction

KEY = "draw.secrecy_undertaking"
WORDS = "抽查结果公开以前，我不向任何人透露抽中的检查对象和检查人员；知悉的商业秘密、个人隐私，依法保密。"


def is_asked_of_readers(draw: Draw) -> bool:
    """Whether this draw's names stand behind a promise: until the record is open, where the rules ask for one."""
    is_kept = draw.revealed_at is None and draw.preparation_id is not None and not draw.rehearsal
    return is_kept and rules_of_draw(draw).flag(KEY)


def is_asked_of_witnesses(preparation: DrawPreparation) -> bool:
    """Whether a witness promises on joining."""
    tasks = [task_of(preparation.agency_id, task_id) for task_id in preparation.request["task_ids"]]
    return rules_of_campaign(preparation.agency_id, tasks).flag(KEY)


def may_read_names(actor: Actor, draw: Draw) -> bool:
    """No promise is asked, or this person has given it."""
    return not is_asked_of_readers(draw) or any(u.user_id == actor.user_id for u in undertakings_of(draw))


def require_promise(actor: Actor, draw: Draw) -> None:
    """Refuses UNDERTAKING_MISSING, with the article where there is one."""
    if not may_read_names(actor, draw):
        raise Refusal(UNDERTAKING_MISSING, rules_of_draw(draw).ground(KEY), serial=draw.serial)


def undertake(actor: Actor, draw_id: int) -> None:
    """Promise, once for a draw."""
    require(actor, Capability.SEE_EVERY_VISIT)
    with transaction():
        hold_chain(actor.agency_id)
        draw = draw_of(actor.agency_id, draw_id)
        if may_read_names(actor, draw):
            return
        assert draw.preparation_id is not None, "a promise is asked of prepared draws only"
        keep_promise(draw.preparation_id, actor.name, user_id=actor.user_id)
        record(actor, "draw.undertake", "draw", draw.id, after={"words": WORDS})


def keep_promise(
    preparation_id: int, name: str, user_id: int | None = None, position: int | None = None
) -> None:
    """Write a promise down, in the caller's transaction; the one given before stands."""
    given = select(DrawUndertaking.id).where(
        DrawUndertaking.preparation_id == preparation_id,
        DrawUndertaking.user_id == user_id,
        DrawUndertaking.position == position,
    )
    if db.session.scalar(given) is None:
        promise = DrawUndertaking(preparation_id=preparation_id, name=name, at=now(), words=WORDS)
        promise.user_id, promise.position = user_id, position
        db.session.add(promise)
        db.session.flush()


def undertakings_of(draw: Draw) -> list[DrawUndertaking]:
    """Who promised, in order."""
    query = select(DrawUndertaking).where(DrawUndertaking.preparation_id == draw.preparation_id)
    return list(db.session.scalars(query.order_by(DrawUndertaking.id)))
