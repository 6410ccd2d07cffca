"""Reading the search index: ids in either direction from any place, and how many there are."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from backend.plumbing.db import db
from backend.registers.entities.models import EntityPosting
from backend.registers.entities.postings import (
    BLOCK,
    BLOCK_BITS,
    EVERYTHING,
    alternatives_of,
    below,
    beyond,
    offsets,
    offsets_downwards,
    unpacked,
)

Clause = Sequence[Sequence[str]]
"""Alternatives, each a list of terms that must all be there."""
Sets = Mapping[str, int]

_MOST_BLOCKS_AT_ONCE = 16


def clauses_of(words: Sequence[str], facets: Sequence[str]) -> list[Clause]:
    """What must hold all together: each facet, and for each word one of its alternatives."""
    named: list[Clause] = [[[term]] for term in (facets or [EVERYTHING])]
    return named + [alternatives_of(word) for word in words]


def ids_after(agency_id: int, clauses: Sequence[Clause], after: int) -> Iterator[int]:
    """Ids beyond `after` that hold all clauses, ascending; read as they are taken."""
    first = after >> BLOCK_BITS if after > 0 else 0
    blocks = [block for block in sorted(_blocks(agency_id, clauses)) if block >= first]
    for block, bits in _members(agency_id, clauses, blocks):
        if block == first and after >= 0:
            bits = beyond(bits, after & (BLOCK - 1))
        for offset in offsets(bits):
            yield block << BLOCK_BITS | offset


def ids_before(agency_id: int, clauses: Sequence[Clause], before: int) -> Iterator[int]:
    """Ids under `before` that hold all clauses, descending."""
    last = before >> BLOCK_BITS
    blocks = [block for block in sorted(_blocks(agency_id, clauses), reverse=True) if block <= last]
    for block, bits in _members(agency_id, clauses, blocks):
        if block == last:
            bits = below(bits, before & (BLOCK - 1))
        for offset in offsets_downwards(bits):
            yield block << BLOCK_BITS | offset


def count_of(agency_id: int, clauses: Sequence[Clause]) -> int:
    """How many entities hold all clauses."""
    blocks = _blocks(agency_id, clauses)
    if len(clauses) == 1 and len(clauses[0]) == 1 and len(clauses[0][0]) == 1 and len(clauses[0][0][0]) > 1:
        return sum(blocks.values())
    return sum(bits.bit_count() for _, bits in _members(agency_id, clauses, sorted(blocks)))


def words_of_facet(agency_id: int, name: str) -> dict[str, int]:
    """Every value that occurs of a facet, with how many entities have it."""
    start = f"{name}:"
    query = (
        select(EntityPosting.term, func.sum(EntityPosting.count))
        .where(
            EntityPosting.agency_id == agency_id,
            EntityPosting.term >= start,
            EntityPosting.term < f"{name};",
        )
        .group_by(EntityPosting.term)
    )
    return {term.removeprefix(start): count for term, count in db.session.execute(query) if count}


def _blocks(agency_id: int, clauses: Sequence[Clause]) -> dict[int, int]:
    """The blocks in which every clause can hold, with the most there can be in each."""
    query = select(EntityPosting.term, EntityPosting.block, EntityPosting.count)
    query = query.where(EntityPosting.agency_id == agency_id, EntityPosting.count > 0, _wanted(clauses))
    counts: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for term, block, count in db.session.execute(query):
        counts[block][term] = count
        if len(term) == 2:
            counts[block][term[0]] += count
    most = {
        block: min(
            sum(min(found[term] for term in alternative) for alternative in clause) for clause in clauses
        )
        for block, found in counts.items()
    }
    return {block: count for block, count in most.items() if count}


def _members(agency_id: int, clauses: Sequence[Clause], blocks: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The sets of these blocks in the order asked for: one block first, then more at a time."""
    at, step = 0, 1
    while at < len(blocks):
        asked = blocks[at : at + step]
        query = select(EntityPosting.block, EntityPosting.term, EntityPosting.members).where(
            EntityPosting.agency_id == agency_id, EntityPosting.block.in_(asked), _wanted(clauses)
        )
        held: dict[int, defaultdict[str, int]] = {block: defaultdict(int) for block in asked}
        for block, term, members in db.session.execute(query):
            bits = unpacked(members)
            held[block][term] = bits
            if len(term) == 2:
                held[block][term[0]] |= bits
        for block in asked:
            yield block, _all(clauses, held[block])
        at, step = at + step, min(step * 4, _MOST_BLOCKS_AT_ONCE)


def _all(clauses: Sequence[Clause], held: Sets) -> int:
    bits = -1
    for clause in clauses:
        either = 0
        for alternative in clause:
            both = -1
            for term in alternative:
                both &= held[term]
            either |= both
        bits &= either
    return bits


def _wanted(clauses: Sequence[Clause]) -> ColumnElement[bool]:
    terms = {term for clause in clauses for alternative in clause for term in alternative}
    whole = [term for term in terms if len(term) > 1]
    wanted: list[Any] = [EntityPosting.term.in_(sorted(whole))] if whole else []
    for character in sorted(terms.difference(whole)):
        pairs = (EntityPosting.term >= character) & (EntityPosting.term < chr(ord(character) + 1))
        wanted.append(pairs & (func.length(EntityPosting.term) == 2))
    return or_(*wanted)
