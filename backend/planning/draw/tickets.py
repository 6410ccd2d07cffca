"""Tickets, and who is picked by them (draw.md 1.8).

Only tickets below a threshold are sorted: it is set so that too few come back about once in a billion strata, and
then it is doubled and the scan run again. The outcome never depends on it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

_WHOLE = 1 << 64
RESERVE_SHOWN = 3


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
    """Take the `quota` smallest tickets that are not exempt."""
    wanted = min(len(codes), quota + reserve + len(exempt))
    ordered = smallest(wanted, codes, key)
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
    if not wanted:
        return []
    total = len(codes)
    share = wanted / total + 6 * sqrt(wanted) / total
    while True:
        found = _below(share, codes, key)
        if len(found) >= wanted:
            found.sort()
            return [Ticket(rank, code, t.hex()) for rank, (t, code) in enumerate(found[:wanted], start=1)]
        share *= 2


def _below(share: float, codes: Iterable[str], key: bytes) -> list[tuple[bytes, str]]:
    prefix, digest = key.hex().encode(), hashlib.sha256
    limit = b"\xff" * 33 if share >= 1 else int(share * _WHOLE).to_bytes(8, "big")
    return [(ticket, code) for code in codes if (ticket := digest(prefix + code.encode()).digest()) < limit]
