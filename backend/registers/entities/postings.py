"""How the directory is searched: for each term the entities that have it, as sets of 65,536 ids each.

A term is a pair of neighbouring characters of the texts, an aligned pair of the code, or a facet such as
`grade:D`. A set is kept as sorted 16-bit offsets while it has under 512 and as a bitmap of 8 KB from there on;
in memory it is always one integer whose bits are the offsets, so that AND, OR and counting are single steps. Pure.
"""

import unicodedata
from array import array
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import add
from typing import Any

BLOCK_BITS = 16
BLOCK = 1 << BLOCK_BITS
EVERYTHING = "all:"
_BITMAP_BYTES = BLOCK // 8
_FEWEST_IN_BITMAP = 512
_BRACKETS = str.maketrans("（）【】［］〔〕", "()()()()")
_TEXTS = ("name", "address", "principal", "registration_no")
_FACETS = {
    "grade": "risk_grade",
    "region": "region",
    "industry": "industry",
    "kind": "kind",
    "status": "status",
    "department": "department_id",
}
_LISTS = {"directory": "directories", "flag": "flags"}


def folded(text: str) -> str:
    """A text as it is searched: one width, one kind of bracket, capital letters."""
    if text.isascii():
        return text.upper()
    return unicodedata.normalize("NFKC", text).translate(_BRACKETS).upper()


def name_key(name: str) -> str:
    """A name as it is compared: also without blanks, so that variants of one name meet."""
    return "".join(folded(name).split())


def facet(name: str, value: object) -> str:
    """The term of a facet, such as `grade:D`."""
    return f"{name}:{value}"


def terms_of(values: Mapping[str, Any]) -> set[str]:
    """Every term of an entity, given its columns by name."""
    texts = "\n".join([folded(text) for name in _TEXTS if (text := values.get(name))]) + "\n"
    terms = set(map(add, texts, texts[1:]))
    code = values["code"].upper()
    terms.update([f"#{code[place : place + 2]}" for place in range(0, len(code), 2)])
    terms.add(EVERYTHING)
    for name, column in _FACETS.items():
        if (value := values.get(column)) not in (None, ""):
            terms.add(f"{name}:{value}")
    for name, column in _LISTS.items():
        for value in values.get(column) or ():
            terms.add(f"{name}:{value}")
    return terms


def alternatives_of(word: str) -> list[list[str]]:
    """What a searched word may match: each alternative is a list of terms that must all be there.

    A single character stands for every pair that begins with it.
    """
    text = folded(word)
    if len(text) == 1:
        return [[text]]
    found = [list(dict.fromkeys(map(add, text, text[1:])))]
    if len(text) >= 3 and text.isascii():
        found.extend(
            [f"#{text[place : place + 2]}" for place in range(start, len(text) - 1, 2)] for start in (0, 1)
        )
    return found


def is_exact(word: str) -> bool:
    """Whether the terms alone decide; longer words are looked up in the texts once more."""
    return len(word) <= 2


def with_members(stored: bytes, added: Sequence[int]) -> bytes:
    """A stored set with these offsets, ascending, added to it."""
    if len(stored) < _BITMAP_BYTES:
        held = array("H", stored)
        if len(held) and held[-1] >= added[0]:
            held = array("H", sorted({*held, *added}))
        else:
            held.extend(added)
        if len(held) < _FEWEST_IN_BITMAP:
            return held.tobytes()
        return _bitmap(bytearray(_BITMAP_BYTES), held)
    return _bitmap(bytearray(stored), added)


def without_members(stored: bytes, removed: Collection[int]) -> bytes:
    """A stored set with these offsets taken out."""
    gone = set(removed)
    left = [offset for offset in offsets(unpacked(stored)) if offset not in gone]
    return with_members(b"", left) if left else b""


def size_of(stored: bytes) -> int:
    """How many there are in a stored set."""
    if len(stored) < _BITMAP_BYTES:
        return len(stored) // 2
    return int.from_bytes(stored, "little").bit_count()


def unpacked(stored: bytes) -> int:
    """A stored set as one integer."""
    if len(stored) < _BITMAP_BYTES:
        stored = _bitmap(bytearray(_BITMAP_BYTES), array("H", stored))
    return int.from_bytes(stored, "little")


def _bitmap(bitmap: bytearray, members: Iterable[int]) -> bytes:
    for offset in members:
        bitmap[offset >> 3] |= 1 << (offset & 7)
    return bytes(bitmap)


def offsets(bits: int) -> Iterator[int]:
    """The offsets in a set, ascending."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def offsets_downwards(bits: int) -> Iterator[int]:
    """The offsets in a set, descending."""
    while bits:
        top = bits.bit_length() - 1
        yield top
        bits ^= 1 << top


def below(bits: int, offset: int) -> int:
    """The part of a set before this offset."""
    return bits & ((1 << offset) - 1)


def beyond(bits: int, offset: int) -> int:
    """The part of a set after this offset."""
    return bits >> (offset + 1) << (offset + 1)
