"""How the directory is searched: for each term the entities that have it, as sets of 65,536 ids each.

A term is a pair of neighbouring characters of the texts, an aligned pair of the code, or a facet such as
`grade:D`. A set is kept as sorted 16-bit offsets while it has under 512 and as a bitmap of 8 KB from there on;
in memory it is always one integer whose bits are the offsets, so that AND, OR and counting are single steps. Pure.
"""

import unicodedata
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import add
from typing import Any

Columns = Mapping[str, Sequence[Any]]
"""Many entities: the values of each of their columns, all of one length."""

BLOCK_BITS = 16
BLOCK = 1 << BLOCK_BITS
EVERYTHING = "all:"
_BITMAP_BYTES = BLOCK // 8
_FEWEST_IN_BITMAP = 512
_BRACKETS = tuple(zip("【】〔〕", "()()", strict=True))
"""What bringing all to one width leaves beside the round ones."""
_DIVIDER = "\0"
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
    text = unicodedata.normalize("NFKC", text)
    for bracket, plain in _BRACKETS:
        text = text.replace(bracket, plain)
    return text.upper()


def folded_all(texts: Sequence[str]) -> list[str]:
    """Many texts folded in one go."""
    found = folded(_DIVIDER.join(texts)).split(_DIVIDER)
    return found if len(found) == len(texts) else list(map(folded, texts))


def name_key(name: str) -> str:
    """A name as it is compared: also without blanks, so that variants of one name meet."""
    return "".join(folded(name).split())


def name_keys(names: Sequence[str]) -> list[str]:
    """The keys of many names."""
    return ["".join(name.split()) for name in folded_all(names)]


def facet(name: str, value: object) -> str:
    """The term of a facet, such as `grade:D`."""
    return f"{name}:{value}"


def members_by_term(columns: Columns, offsets: Sequence[int]) -> dict[str, list[int]]:
    """For each term the offsets of the entities that have it, in the order given. The entities come by column."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    members[EVERYTHING] = list(offsets)
    for offset, *texts in zip(offsets, *(folded_all(columns[name]) for name in _TEXTS), strict=True):
        text = "\n".join(filter(None, texts)) + "\n"
        for pair in set(map(add, text, text[1:])):
            members[pair].append(offset)
    for offset, code in zip(offsets, columns["code"], strict=True):
        code = code.upper()
        for pair in {code[place : place + 2] for place in range(0, len(code), 2)}:
            members[f"#{pair}"].append(offset)
    for name, column in _FACETS.items():
        for offset, value in zip(offsets, columns[column], strict=True):
            if value not in (None, ""):
                members[f"{name}:{value}"].append(offset)
    for name, column in _LISTS.items():
        for offset, values in zip(offsets, columns[column], strict=True):
            for value in dict.fromkeys(values or ()):
                members[f"{name}:{value}"].append(offset)
    return members


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
