"""Tickets, and who is picked by them (draw.md 1.8).

Only tickets below a threshold are sorted: it is set so that too few come back about once in a billion strata, and
then it is doubled and the scan run again. The outcome never depends on it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple, Protocol

_WHOLE = 1 << 64
RESERVE_SHOWN = 3
Hashed = tuple[bytes, str]
"""A ticket and its code."""


class Roster(Protocol):
    """Where the codes of the strata lie; asked for those below a threshold only."""

    def below(self, stratum: str, key: bytes, limit: bytes) -> list[Hashed]: ...


@dataclass(frozen=True)
class InMemory:
    """A roster at hand."""

    codes: Mapping[str, Sequence[str]]

    def below(self, stratum: str, key: bytes, limit: bytes) -> list[Hashed]:
        return below(self.codes.get(stratum, ()), key, limit)


class Ticket(NamedTuple):
    """One entity's place in its stratum; `rank` counts from 1, exempt ones included."""

    rank: int
    code: str
    ticket: str


@dataclass(frozen=True)
class StratumOutcome:
    """What one stratum gave."""

    id: str
    quota: int
    picks: tuple[Ticket, ...]
    skipped: tuple[Ticket, ...]
    """Exempt ones met on the way to the last pick."""
    reserve: tuple[Ticket, ...]
    """The next in order, exempt ones included."""

    @property
    def cutoff_ticket(self) -> str | None:
        return self.picks[-1].ticket if self.picks else None

    @property
    def shortfall(self) -> int:
        return self.quota - len(self.picks)


def ticket_of(key: bytes, code: str) -> str:
    """SHA-256 of the key's 64 hex characters and the code, in hex: anyone can compute it with `sha256sum`."""
    return hashlib.sha256(key.hex().encode() + code.encode()).hexdigest()


def drawn(
    stratum: str,
    quota: int,
    codes: Sequence[str],
    exempt: Mapping[str, str],
    key: bytes,
    reserve: int = RESERVE_SHOWN,
) -> StratumOutcome:
    """Take the `quota` smallest tickets that are not exempt, from codes in memory."""
    return drawn_from(InMemory({stratum: codes}), stratum, len(codes), quota, exempt, key, reserve)


def drawn_from(
    roster: Roster,
    stratum: str,
    population: int,
    quota: int,
    exempt: Mapping[str, str],
    key: bytes,
    reserve: int = RESERVE_SHOWN,
) -> StratumOutcome:
    """Take the `quota` smallest tickets of a stratum of `population` that are not exempt, wherever its codes lie."""
    wanted = min(population, quota + reserve + len(exempt))
    ordered = smallest_of(roster, stratum, population, wanted, key)
    picks: list[Ticket] = []
    skipped: list[Ticket] = []
    last = 0
    for place in ordered:
        if len(picks) == quota:
            break
        last = place.rank
        (skipped if place.code in exempt else picks).append(place)
    return StratumOutcome(stratum, quota, tuple(picks), tuple(skipped), tuple(ordered[last : last + reserve]))


def in_order(codes: Sequence[str], key: bytes) -> list[Ticket]:
    """The whole stratum in ticket order."""
    return smallest(len(codes), codes, key)


def smallest(wanted: int, codes: Sequence[str], key: bytes) -> list[Ticket]:
    """The `wanted` smallest of `codes` in order of (ticket, code), ranked from 1."""
    return smallest_of(InMemory({"": codes}), "", len(codes), wanted, key)


def smallest_of(roster: Roster, stratum: str, population: int, wanted: int, key: bytes) -> list[Ticket]:
    """The `wanted` smallest of a stratum in order of (ticket, code), ranked from 1."""
    if not wanted:
        return []
    share = wanted / population + 6 * sqrt(wanted) / population
    while True:
        found = roster.below(stratum, key, _limit(share))
        if len(found) >= wanted:
            found.sort()
            return [Ticket(rank, code, t.hex()) for rank, (t, code) in enumerate(found[:wanted], start=1)]
        if share >= 1:
            raise ValueError(f"{stratum} holds {len(found)} entities, not the {population} committed to")
        share *= 2


def below(codes: Iterable[str], key: bytes, limit: bytes) -> list[Hashed]:
    """Every (ticket, code) whose ticket is below `limit`, hashed here."""
    start = hashlib.sha256(key.hex().encode())
    found = []
    for code in codes:
        hashing = start.copy()
        hashing.update(code.encode())
        if (ticket := hashing.digest()) < limit:
            found.append((ticket, code))
    return found


def _limit(share: float) -> bytes:
    return b"\xff" * 33 if share >= 1 else int(share * _WHOLE).to_bytes(8, "big")
