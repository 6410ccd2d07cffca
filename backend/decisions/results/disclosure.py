"""What of a result the public may read: a natural person keeps the family name only, personal numbers are struck out.

Source: national.md 1.5 (个人信息保护法 25), 003 art. 20. Pure.
"""

from backend.core.masking import masked_person, without_personal_numbers

_PERSON = "person"


def public_name(name: str, kind: str) -> str:
    """The entity's name as the public reads it."""
    return masked_person(name) if kind == _PERSON else name


def public_code(code: str, kind: str) -> str:
    """The entity's code; a natural person's is not shown."""
    return "" if kind == _PERSON else code


def public_address(address: str, kind: str) -> str:
    """The entity's address; a natural person's is not shown."""
    return "" if kind == _PERSON else address


def public_text(text: str, name: str, kind: str) -> str:
    """Free text without personal numbers and, where the entity is a natural person, without the full name."""
    if kind == _PERSON and name:
        text = text.replace(name, masked_person(name))
    return without_personal_numbers(text)
