"""The codes that may stand in a draw, and how they are masked (draw.md 1.1)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from backend.core.codes import entity_code_fault
from backend.planning.draw.seed import length_prefixed

SALT_BYTES = 16
MASK = "x:"


@dataclass(frozen=True)
class CodeFault:
    """A code that cannot enter a draw, and why, as half a Chinese sentence."""

    code: str
    fault: str


def masked_code(salt: bytes, code: str) -> str:
    """`x:` and the SHA-256 that hides `code` until its salt is published. Raises ValueError unless 16 bytes of salt."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes, not {len(salt)}")
    return MASK + hashlib.sha256(length_prefixed(salt) + code.encode()).hexdigest()


def faults_of(codes: Iterable[str]) -> list[CodeFault]:
    """Every code that must be mended before the freeze: invalid, or there twice. Nothing is repaired here."""
    faults, seen = [], set[str]()
    for code in codes:
        if code in seen:
            faults.append(CodeFault(code, "同一编码出现两次"))
        elif fault := entity_code_fault(code):
            faults.append(CodeFault(code, fault))
        seen.add(code)
    return faults
