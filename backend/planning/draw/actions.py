"""Signatures and lock, and the turn that every step of a ceremony takes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

import filetype
from sqlalchemy import select

from backend.core.errors import (
    ALREADY_SIGNED,
    ATTACHMENT_WRONG,
    DRAW_NOT_IN_STATE,
    EARLIER_DRAW_OPEN,
    INVALID_INPUT,
    NOT_PRESENT_AT_DRAW,
    SIGNATURE_NEEDED,
    SIGNATURE_NOT_A_PICTURE,
    SIGNATURES_MISSING,
    Refusal,
)
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.planning.draw.events import tell
from backend.planning.draw.hands import hands_of
from backend.planning.draw.models import Draw, DrawAttachment, DrawSignature
from backend.planning.draw.pinned_rules import rules_of_draw
from backend.planning.draw.queries import draw_before, draw_of, tasks_of_draw
from backend.planning.draw.record import RECORD_FILE, published, signature_of, signatures_hash
from backend.planning.draw.words import HOST, STATUSES
from backend.planning.matching.models import Seat
from backend.plumbing.clock import now
from backend.plumbing.db import db, transaction
from backend.plumbing.files import store

LARGEST_IMAGE = 10_000_000


@dataclass(frozen=True)
class Signer:
    """Someone present who signs: a witness, or the host."""

    name: str
    kind: str
    signed_at: datetime | None


def sign(actor: Actor, draw_id: int, name: str, kind: str, image: bytes | None) -> None:
    """One person present signs the record; `image` is what the pen drew, or a photo of the signature."""
    require(actor, Capability.HOLD_DRAW)
    with transaction():
        sign_as(actor, in_state(actor, draw_id, "drawn", "签字"), name, kind, image)


def sign_as(actor: Actor, draw: Draw, name: str, kind: str, image: bytes | None) -> None:
    """Lay one signature under a drawn record, in the caller's transaction."""
    signer = next((s for s in signers_of(draw) if (s.name, s.kind) == (name, kind)), None)
    if signer is None:
        raise Refusal(NOT_PRESENT_AT_DRAW, name=name)
    if signer.signed_at is not None:
        raise Refusal(ALREADY_SIGNED, name=name)
    if not image:
        raise Refusal(SIGNATURE_NEEDED, name=name)
    if len(image) > LARGEST_IMAGE:
        raise Refusal(INVALID_INPUT, detail="签名照片不超过 10 MB")
    if not filetype.is_image(image):
        raise Refusal(SIGNATURE_NOT_A_PICTURE)
    assert draw.record_hash is not None, "a drawn draw has a record"
    sha256 = hashlib.sha256(image).hexdigest()
    store().put(f"{draw.folder}/signatures/{sha256}", image)
    signature = DrawSignature(name=name, kind=kind, at=now(), image_sha256=sha256, covers=draw.record_hash)
    draw.signatures.append(signature)
    record(actor, "draw.sign", "draw", draw.id, after={"name": name, "covers": draw.record_hash})


def attach(actor: Actor, draw_id: int, name: str, content: bytes) -> None:
    """Keep a photo or video of the ceremony with the draw; after the lock it is a line that follows the record."""
    require(actor, Capability.HOLD_DRAW)
    kind = filetype.guess(content)
    if kind is None or not (filetype.is_image(content) or filetype.is_video(content)):
        raise Refusal(ATTACHMENT_WRONG, fault="请选照片或视频文件")
    sha256 = hashlib.sha256(content).hexdigest()
    with transaction():
        hold_chain(actor.agency_id)
        draw = draw_of(actor.agency_id, draw_id)
        if any(kept.sha256 == sha256 for kept in draw.attachments):
            raise Refusal(ATTACHMENT_WRONG, fault="这个文件已经收过")
        store().put(f"{draw.folder}/attachments/{sha256}", content)
        kept = DrawAttachment(
            sha256=sha256,
            name=PurePath(name).name[:120] or sha256[:12],
            mime=kind.mime,
            size=len(content),
            at=now(),
            by_name=actor.name,
        )
        draw.attachments.append(kept)
        db.session.flush()
        if draw.status in ("locked", "void"):
            tell(draw, "attached", {"attachments": [described(kept)]})
        record(actor, "draw.attach", "draw", draw.id, after=described(kept))


def described(kept: DrawAttachment) -> dict[str, object]:
    """An attachment as the lines that follow the record name it."""
    return {"sha256": kept.sha256, "mime": kept.mime, "size": kept.size}


def lock(actor: Actor, draw_id: int) -> None:
    """Fix the record for good: signed by everyone present, chained to the one before, written to the store."""
    require(actor, Capability.HOLD_DRAW)
    with transaction():
        draw = in_state(actor, draw_id, "drawn", "锁定")
        missing = [signer.name for signer in signers_of(draw) if signer.signed_at is None]
        if missing:
            citation = rules_of_draw(draw).ground("draw.record_signed_by_all")
            raise Refusal(SIGNATURES_MISSING, citation, names="、".join(missing))
        seal_record(draw)
        draw.status, draw.locked_at = "locked", now()
        settle_tasks(draw)
        assert draw.record is not None, "a drawn draw has a record"
        facts: dict[str, object] = {"signatures": signatures_hash(draw.record)}
        if draw.attachments:
            facts["attachments"] = [described(kept) for kept in draw.attachments]
        facts["hands"] = hands_of(draw)
        tell(draw, "locked", facts)
        record(actor, "draw.lock", "draw", draw.id, after={"record": draw.record_hash})


def settle_tasks(draw: Draw) -> None:
    """A locked draw's tasks can be dispatched once no seat of theirs is empty."""
    vacant = db.session.scalar(
        select(Seat.id)
        .where(Seat.draw_id == draw.id, Seat.status == "seated", Seat.inspector_id.is_(None))
        .limit(1)
    )
    for task in tasks_of_draw(draw):
        task.status = "matched" if vacant is None else "drawn"


def seal_record(draw: Draw) -> None:
    """Lay the signatures under the record and write it to the store."""
    assert draw.record is not None, "a drawn draw has a record"
    signatures = [signature_of(draw.record, s.name, s.kind, s.at, s.image_sha256) for s in draw.signatures]
    draw.record = {**draw.record, "signatures": signatures}
    store().put(f"{draw.folder}/{RECORD_FILE}", published(draw.record))


def signers_of(draw: Draw) -> list[Signer]:
    """Everyone present: the witnesses in their order, then the host."""
    signed = {(s.name, s.kind): s.at for s in draw.signatures}
    present = [(w.name, w.kind) for w in draw.witnesses] + [(draw.committed_by_name, HOST)]
    return [Signer(name, kind, signed.get((name, kind))) for name, kind in present]


def in_state(actor: Actor, draw_id: int, status: str, step: str) -> Draw:
    """The draw, read anew in the agency's turn. Refuses where it is in another state."""
    hold_chain(actor.agency_id)
    draw = draw_of(actor.agency_id, draw_id)
    db.session.refresh(draw, with_for_update=True)
    if draw.status != status:
        raise Refusal(DRAW_NOT_IN_STATE, serial=draw.serial, state=STATUSES[draw.status], step=step)
    return draw


def previous_hash(draw: Draw) -> str | None:
    """H(record) of the serial before; refused while that one is open, for the records form a chain."""
    before = draw_before(draw)
    if before is not None and before.record_hash is None:
        raise Refusal(EARLIER_DRAW_OPEN, serial=before.serial)
    return before.record_hash if before else None
