"""From what the room gave to the keys that decide (draw.md 1.5 to 1.7)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class WitnessInput:
    """What one witness gave; `salt` only where it was sealed beforehand."""

    name: str
    input: str
    salt: bytes | None = None


@dataclass(frozen=True)
class Beacon:
    """A public random value; `value` is its bytes."""

    source: str
    round: str
    value: bytes


@dataclass(frozen=True)
class Keys:
    """One key orders the entities, the other the inspectors: neither tells anything of the other."""

    entity: bytes
    inspector: bytes


def length_prefixed(part: bytes) -> bytes:
    """LP(x): four bytes of big-endian length, then x."""
    return len(part).to_bytes(4, "big") + part


def sealed_input(salt: bytes, text: str) -> str:
    """What a witness's own phone publishes before C, in hex."""
    parts = length_prefixed(salt) + length_prefixed(text.encode())
    return hashlib.sha256(b"draw/1/witness\n" + parts).hexdigest()


def seed_of(commitment: str, nonce: bytes, inputs: Sequence[WitnessInput], beacon: Beacon | None) -> bytes:
    """The seed, from C (hex), the nonce, every input in committed order, and the beacon where there is one."""
    parts = [nonce, *(entered.input.encode() for entered in inputs)]
    if beacon is not None:
        parts.append(beacon.value)
    return hashlib.sha256(
        b"draw/1/seed\n" + bytes.fromhex(commitment) + b"".join(map(length_prefixed, parts))
    ).digest()


def keys_of(seed: bytes) -> Keys:
    """The two keys that follow from the seed."""
    return Keys(
        hashlib.sha256(b"draw/1/entity\n" + seed).digest(),
        hashlib.sha256(b"draw/1/inspector\n" + seed).digest(),
    )
