"""What the room gives: digits written and covered, inputs sealed on phones and opened, a public value typed in.

Everything stays covered until all of it is there; until then a slip can be written anew, on the trail. draw.md 1.5
asks that nobody sees another's input before giving their own, not that a hand never slips.
"""

import re
import unicodedata
from datetime import datetime

from backend.core.errors import (
    BEACON_WRONG,
    INPUTS_SHOWN,
    NOT_FOUND,
    SEAL_NOT_OPENED,
    WITNESS_INPUT_GIVEN,
    WITNESS_INPUT_WRONG,
    Refusal,
)
from backend.foundation.audit.actions import record
from backend.foundation.permissions.actor import Actor, require
from backend.foundation.permissions.roles import Capability
from backend.planning.draw.actions import in_state
from backend.planning.draw.commitment import is_spoken_input
from backend.planning.draw.models import Draw, DrawWitness
from backend.planning.draw.seed import WitnessInput, sealed_input
from backend.plumbing.clock import now
from backend.plumbing.db import transaction
from backend.plumbing.sealing import seal, unseal

INPUT_SEAL = "draw input"
LONGEST_SEALED = 64
_HEX_VALUE = re.compile("0x(?:[0-9a-f]{2}){1,512}")


def enter_input(actor: Actor, draw_id: int, position: int, digits: str) -> None:
    """The host takes down one witness's digits, covered: nobody sees them until all are in."""
    require(actor, Capability.HOLD_DRAW)
    with transaction():
        draw, witness = _covered(actor, draw_id, position)
        if witness.input_sealed is not None:
            raise Refusal(WITNESS_INPUT_GIVEN, name=witness.name)
        cover_digits(actor, draw, witness, digits)


def withdraw_input(actor: Actor, draw_id: int, position: int) -> None:
    """A slip of the pen: the covered input is thrown away unseen, and written anew."""
    require(actor, Capability.HOLD_DRAW)
    with transaction():
        draw, witness = _covered(actor, draw_id, position)
        witness.input_sealed = None
        record(actor, "draw.withdraw_input", "draw", draw.id, after={"witness": witness.name})


def give_beacon(actor: Actor, draw_id: int, value: str, appeared_at: datetime) -> None:
    """Type in the announced public value as published; `0x…` is read as bytes, all else as its characters."""
    require(actor, Capability.HOLD_DRAW)
    with transaction():
        draw = in_state(actor, draw_id, "committed", "录入公开随机数")
        announced = draw.commit_doc["beacon"]
        if announced is None:
            raise Refusal(BEACON_WRONG, fault="这次摇号没有约定公开随机数")
        if draw.shown_at is not None:
            raise Refusal(INPUTS_SHOWN)
        if not draw.published_at < appeared_at <= now():
            raise Refusal(BEACON_WRONG, fault="公布时间要在承诺公布之后、现在之前，不然可以先看值再定名录")
        raw = beacon_bytes(value)
        draw.beacon_value, draw.beacon_appeared_at = raw.hex(), appeared_at
        after = {**announced, "value": draw.beacon_value, "appeared_at": appeared_at.isoformat()}
        record(actor, "draw.beacon", "draw", draw.id, after=after)


def beacon_bytes(value: str) -> bytes:
    """The bytes of a public value. Refuses BEACON_WRONG when it is empty or half a byte."""
    text = unicodedata.normalize("NFC", value.strip())
    if not text or len(text) > 1000:
        raise Refusal(BEACON_WRONG, fault="请照公布的原样录入，不超过 1000 个字符")
    if text.startswith("0x"):
        if not _HEX_VALUE.fullmatch(text):
            raise Refusal(BEACON_WRONG, fault="0x 后面应是成对的 0—9、a—f")
        return bytes.fromhex(text[2:])
    return text.encode()


def cover_digits(actor: Actor, draw: Draw, witness: DrawWitness, digits: str) -> None:
    """Keep a spoken input, encrypted, in the caller's transaction; one given before is replaced."""
    committed = draw.commit_doc["input_digits"]
    if witness.commitment is not None or not is_spoken_input(digits, committed):
        raise Refusal(WITNESS_INPUT_WRONG, name=witness.name, digits=committed)
    _keep(actor, draw, witness, WitnessInput(witness.name, digits))


def open_sealed(actor: Actor, draw: Draw, witness: DrawWitness, text: str, salt: bytes) -> None:
    """Keep what a phone opened, held to what it had sealed, in the caller's transaction."""
    if witness.commitment is None or sealed_input(salt, text) != witness.commitment:
        raise Refusal(SEAL_NOT_OPENED, name=witness.name)
    _keep(actor, draw, witness, WitnessInput(witness.name, text, salt))


def uncovered(witness: DrawWitness) -> WitnessInput:
    """What a witness gave. Only asked once every input is in."""
    assert witness.input_sealed is not None, "every input was checked to be there"
    # Inputs kept before phones could seal carry no bar.
    salt, bar, text = unseal(INPUT_SEAL, witness.input_sealed).decode().partition("|")
    if not bar:
        salt, text = "", salt
    return WitnessInput(witness.name, text, bytes.fromhex(salt) if salt else None)


def covered_witness(draw: Draw, position: int) -> DrawWitness:
    """One witness whose input may still change. Refuses NOT_FOUND, INPUTS_SHOWN."""
    witness = next((w for w in draw.witnesses if w.position == position), None)
    if witness is None:
        raise Refusal(NOT_FOUND, what="这名见证人")
    if draw.shown_at is not None:
        raise Refusal(INPUTS_SHOWN)
    return witness


def _covered(actor: Actor, draw_id: int, position: int) -> tuple[Draw, DrawWitness]:
    draw = in_state(actor, draw_id, "committed", "取数")
    return draw, covered_witness(draw, position)


def _keep(actor: Actor, draw: Draw, witness: DrawWitness, given: WitnessInput) -> None:
    verb = "draw.input" if witness.input_sealed is None else "draw.rewrite_input"
    salt = given.salt.hex() if given.salt else ""
    witness.input_sealed = seal(INPUT_SEAL, f"{salt}|{given.input}".encode())
    record(actor, verb, "draw", draw.id, after={"witness": witness.name})
