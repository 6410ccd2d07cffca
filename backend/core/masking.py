"""How personal numbers and names are shown where the whole of them is not needed (national.md 1.5)."""

import re

_IDENTITY_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(\d{4})\d{2}(?:19|20)\d{2}(?:0[1-9]|1[0-2])\d{2}(\d{3}[0-9Xx])(?![0-9A-Za-z])"
)
_MOBILE_NUMBER = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)")


def masked_phone(number: str) -> str:
    """`13812345678` becomes `138****5678`; shorter numbers keep their last two digits."""
    if len(number) >= 11:
        return f"{number[:3]}****{number[-4:]}"
    return "*" * max(0, len(number) - 2) + number[-2:]


def masked_person(name: str) -> str:
    """`张三丰` becomes `张某`: of a natural person the public sees the family name only."""
    return f"{name[:1]}某" if name else ""


def without_personal_numbers(text: str) -> str:
    """Free text with the middles of identity and mobile numbers struck out."""
    text = _IDENTITY_NUMBER.sub(r"\1**********\2", text)
    return _MOBILE_NUMBER.sub(r"\1****\2", text)
