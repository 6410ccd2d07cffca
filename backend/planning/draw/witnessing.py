"""What a witness does on their own phone, known by a link instead of an account: seal, write, open, sign.

A link belongs to the first phone that takes it. The secret of the phone never leaves it but as a cookie; the house
keeps hashes of both.
"""

import base64
import re
from dataclasses import dataclass

from sqlalchemy import select

from backend.core.errors import (
    DRAW_NOT_IN_STATE,
    INVALID_INPUT,
    SEAL_NOT_OPENED,
    SEAL_TOO_LATE,
    WITNESS_LINK_ENDED,
    WITNESS_LINK_TAKEN,
    Refusal,
)
from backend.foundation.audit.actions import hold_chain, record
from backend.foundation.permissions.actor import Actor
from backend.foundation.permissions.roles import Role
from backend.planning.draw.actions import sign_as
from backend.planning.draw.inputs import LONGEST_SEALED, cover_digits, covered_witness, open_sealed
from backend.planning.draw.models import Draw, DrawPreparation, PreparedWitness
from backend.planning.draw.preparing import secret_hash
from backend.planning.draw.queries import draw_prepared_as
from backend.planning.draw.undertakings import WORDS, is_asked_of_witnesses, keep_promise
from backend.planning.draw.words import STATUSES
from backend.plumbing.db import db, transaction
from backend.plumbing.randomness import token

_COMMITMENT = re.compile("[0-9a-f]{64}")
_SALT = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True)
class Presence:
    """A witness behind a link, and how far the ceremony has come."""

    preparation: DrawPreparation
    witness: PreparedWitness
    draw: Draw | None

    @property
    def actor(self) -> Actor:
        """Who acts, for the trail: no account, no capability."""
        name = f"{self.witness.name}（见证人）"
        return Actor(0, self.preparation.agency_id, None, name, frozenset({Role.WITNESS}))


def presence_of(secret: str) -> Presence:
    """The witness a link belongs to. Refuses WITNESS_LINK_ENDED."""
    query = select(PreparedWitness).where(PreparedWitness.link_hash == secret_hash(secret))
    witness = db.session.scalar(query)
    preparation = db.session.get(DrawPreparation, witness.preparation_id) if witness else None
    if witness is None or preparation is None or preparation.status == "dropped":
        raise Refusal(WITNESS_LINK_ENDED)
    return Presence(preparation, witness, draw_prepared_as(preparation.id))


def take_link(secret: str) -> str:
    """This phone takes the link; returns the phone's secret. Refuses WITNESS_LINK_TAKEN when another has."""
    with transaction():
        present = _in_turn(secret)
        if present.witness.device_hash is not None:
            raise Refusal(WITNESS_LINK_TAKEN)
        device = base64.urlsafe_b64encode(token(24)).decode()
        present.witness.device_hash = secret_hash(device)
        is_asked = is_asked_of_witnesses(present.preparation)
        if is_asked:
            keep_promise(present.preparation.id, present.witness.name, position=present.witness.position)
        after = {"undertaking": WORDS} if is_asked else None
        record(present.actor, "witness.join", "draw_preparation", present.preparation.id, after=after)
        return device


def seal_input(secret: str, device: str, commitment: str) -> None:
    """Keep what a phone sealed; until the roster is frozen it may be sealed anew."""
    with transaction():
        present = _on_own_phone(secret, device)
        if present.preparation.status not in ("waiting", "refused") or not present.witness.sealed:
            raise Refusal(SEAL_TOO_LATE)
        if not _COMMITMENT.fullmatch(commitment):
            raise Refusal(INVALID_INPUT, detail="密封没有算出来，请刷新后再写")
        present.witness.commitment = commitment
        record(
            present.actor,
            "witness.seal",
            "draw_preparation",
            present.preparation.id,
            after={"commitment": commitment},
        )


def give_input(secret: str, device: str, digits: str) -> None:
    """Write the digits, covered; until all are shown the witness may write them anew."""
    with transaction():
        present = _on_own_phone(secret, device)
        draw = _committed(present)
        cover_digits(present.actor, draw, covered_witness(draw, present.witness.position), digits)


def open_input(secret: str, device: str, text: str, salt: str) -> None:
    """Open what was sealed, covered until all are in."""
    with transaction():
        present = _on_own_phone(secret, device)
        draw = _committed(present)
        witness = covered_witness(draw, present.witness.position)
        if not _SALT.fullmatch(salt) or not 1 <= len(text) <= LONGEST_SEALED:
            raise Refusal(SEAL_NOT_OPENED, name=witness.name)
        open_sealed(present.actor, draw, witness, text, bytes.fromhex(salt))


def sign_here(secret: str, device: str, image: bytes) -> None:
    """Sign the record on the own phone."""
    with transaction():
        present = _on_own_phone(secret, device)
        draw = present.draw
        if draw is None or draw.status != "drawn":
            state = STATUSES[draw.status] if draw else "还没有锁定名录"
            raise Refusal(DRAW_NOT_IN_STATE, serial=draw.serial if draw else "摇号", state=state, step="签字")
        db.session.refresh(draw, with_for_update=True)
        sign_as(present.actor, draw, present.witness.name, present.witness.kind, image)


def is_own_phone(present: Presence, device: str | None) -> bool:
    """Whether this phone took the link."""
    return device is not None and present.witness.device_hash == secret_hash(device)


def _committed(present: Presence) -> Draw:
    draw = present.draw
    if draw is None or draw.status != "committed":
        state = STATUSES[draw.status] if draw else "还没有锁定名录"
        raise Refusal(DRAW_NOT_IN_STATE, serial=draw.serial if draw else "摇号", state=state, step="写数字")
    db.session.refresh(draw, with_for_update=True)
    return draw


def _on_own_phone(secret: str, device: str) -> Presence:
    present = _in_turn(secret)
    if not is_own_phone(present, device):
        raise Refusal(WITNESS_LINK_TAKEN)
    return present


def _in_turn(secret: str) -> Presence:
    hold_chain(presence_of(secret).preparation.agency_id)
    db.session.expire_all()
    return presence_of(secret)
