"""Whether an objection comes in time, who may lodge one, and whether a correction corrects anything. Pure."""

import hashlib
from collections.abc import Mapping
from datetime import date

from backend.core.workdays import Deadline

CORRECTED_FIELDS = ("code", "text", "disposal")
STANDINGS = {"party": "被检查的单位或个人", "agent": "受被检查单位或个人委托的人"}
"""Who lodges an objection (003 art. 16: 检查对象对检查结果有异议的)."""
RECEIPT_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No character that is read as another one."""
RECEIPT_LENGTH = 12
SENT_A_DAY = 3
"""Objections that one sender may lodge within a day."""
WAITING_AT_MOST = 5
"""Objections to one result that may wait for their review at once."""


def in_time(received: date, lodge: Deadline | None) -> bool:
    """Whether an objection received on this day must be taken (003 art. 16); without a deadline it always must."""
    return lodge is None or received <= lodge.due


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The fields that a correction alters."""
    return [name for name in CORRECTED_FIELDS if before[name].strip() != after[name].strip()]


def receipt_number(random: bytes) -> str:
    """A receipt that cannot be guessed, from `RECEIPT_LENGTH` random bytes: `YY-7K3M-9QPX-2AB4`."""
    drawn = "".join(RECEIPT_ALPHABET[byte % len(RECEIPT_ALPHABET)] for byte in random[:RECEIPT_LENGTH])
    return "-".join(["YY", *(drawn[at : at + 4] for at in range(0, RECEIPT_LENGTH, 4))])


def sender_digest(secret: bytes, address: str, day: date) -> str:
    """One sender of one day, told from others; neither the address nor the same sender on another day can be told."""
    return hashlib.sha256(
        b"objection sender\n" + secret + f"{day.isoformat()}|{address}".encode()
    ).hexdigest()
