"""Tickets, and who is picked by them (draw.md 1.8).

Only tickets below a threshold are sorted: it is set so that too few come back about once in a billion strata, and
then it is doubled and the scan run again. The outcome never depends on it.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple, Protocol

_WHOLE = 1 << 64
RESERVE_SHOWN = 3
Hashed = tuple[bytes, str]
"""A ticket and its code."""


Limits = Mapping[str, bytes]
"""By stratum, the threshold below which its tickets are asked for."""


class Roster(Protocol):
    """Where the codes of the strata lie; asked for those below a threshold only, all strata in one go."""

    def below(self, limits: Limits, key: bytes) -> dict[str, list[Hashed]]: ...


@dataclass(frozen=True)
class InMemory:
    """A roster at hand."""

    codes: Mapping[str, Sequence[str]]

    def below(self, limits: Limits, key: bytes) -> dict[str, list[Hashed]]:
        return {
            stratum: below(map(str.encode, self.codes.get(stratum, ())), key, limit)
            for stratum, limit in limits.items()
        }


@dataclass(frozen=True)
class Wanted:
    """One stratum before it is drawn: how many stand in it, and how many are to be taken."""

    id: str
    population: int
    quota: int


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
    wanted = Wanted(stratum, len(codes), quota)
    return all_drawn(InMemory({stratum: codes}), [wanted], exempt, key, reserve)[0]


def all_drawn(
    roster: Roster,
    strata: Sequence[Wanted],
    exempt: Mapping[str, str],
    key: bytes,
    reserve: int = RESERVE_SHOWN,
) -> tuple[StratumOutcome, ...]:
    """Take each stratum's `quota` smallest tickets that are not exempt, wherever its codes lie."""
    asked = {s.id: min(s.population, s.quota + reserve + len(exempt)) for s in strata}
    populations = {s.id: s.population for s in strata}
    ordered = smallest_of(roster, populations, asked, key)
    return tuple(_taken(s, ordered[s.id], exempt, reserve) for s in strata)


def _taken(
    stratum: Wanted, ordered: Sequence[Hashed], exempt: Mapping[str, str], reserve: int
) -> StratumOutcome:
    picks: list[Ticket] = []
    skipped: list[Ticket] = []
    last = 0
    for place in _ranked(ordered):
        if len(picks) == stratum.quota:
            break
        last = place.rank
        (skipped if place.code in exempt else picks).append(place)
    following = tuple(_ranked(ordered[last : last + reserve], last + 1))
    return StratumOutcome(stratum.id, stratum.quota, tuple(picks), tuple(skipped), following)


def in_order(codes: Sequence[str], key: bytes) -> list[Ticket]:
    """The whole stratum in ticket order."""
    return smallest(len(codes), codes, key)


def smallest(wanted: int, codes: Sequence[str], key: bytes) -> list[Ticket]:
    """The `wanted` smallest of `codes` in order of (ticket, code), ranked from 1."""
    found = smallest_of(InMemory({"": codes}), {"": len(codes)}, {"": wanted}, key)
    return list(_ranked(found[""]))


def smallest_of(
    roster: Roster, populations: Mapping[str, int], wanted: Mapping[str, int], key: bytes
) -> dict[str, list[Hashed]]:
    """The `wanted` smallest of each stratum, in order of (ticket, code)."""
    shares = {s: (n + 6 * sqrt(n)) / populations[s] for s, n in wanted.items() if n}
    ordered = dict[str, list[Hashed]]({stratum: [] for stratum in wanted})
    while shares:
        found = roster.below({stratum: _limit(share) for stratum, share in shares.items()}, key)
        for stratum, share in list(shares.items()):
            if len(found[stratum]) >= wanted[stratum]:
                ordered[stratum] = sorted(found[stratum])[: wanted[stratum]]
                del shares[stratum]
            elif share >= 1:
                here = f"{stratum} holds {len(found[stratum])} entities"
                raise ValueError(f"{here}, not the {populations[stratum]} committed to")
            else:
                shares[stratum] = 2 * share
    return ordered


def _ranked(ordered: Sequence[Hashed], first: int = 1) -> Iterator[Ticket]:
    return (Ticket(rank, code, ticket.hex()) for rank, (ticket, code) in enumerate(ordered, first))


def below(codes: Iterable[bytes], key: bytes, limit: bytes) -> list[Hashed]:
    """Every (ticket, code) whose ticket is below `limit`, hashed here from codes in UTF-8."""
    start = hashlib.sha256(key.hex().encode())
    found = []
    for code in codes:
        hashing = start.copy()
        hashing.update(code)
        if (ticket := hashing.digest()) < limit:
            found.append((ticket, code.decode()))
    return found


def _limit(share: float) -> bytes:
    return b"\xff" * 33 if share >= 1 else int(share * _WHOLE).to_bytes(8, "big")
