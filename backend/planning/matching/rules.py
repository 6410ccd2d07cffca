"""Fill every seat with the smallest possible maximum load (draw.md 1.10).

Seats are filled entity by entity. Where no free inspector is left, a breadth-first search moves inspectors already
seated, one seat each, until someone with room is reached. The same inputs give the same teams in every program
that follows these words.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SeatAt = tuple[int, int]
"""(place of the entity in matching order, seat); seat 0 is the leader's."""


@dataclass(frozen=True)
class MatchingRules:
    """Seats of a team, the most one inspector may hold, and which groups may sit where, by stratum."""

    seats: int
    hard_cap: int
    eligible: Mapping[str, tuple[str, ...]]
    leader: Mapping[str, tuple[str, ...]]

    @property
    def described(self) -> dict[str, Any]:
        """As it stands in the commit document."""
        return {
            "seats": self.seats,
            "hard_cap": self.hard_cap,
            "eligible": {stratum: list(groups) for stratum, groups in self.eligible.items()},
            "leader": {stratum: list(groups) for stratum, groups in self.leader.items()},
        }

    def groups_for(self, stratum: str, seat: int) -> Collection[str]:
        return (self.leader if seat == 0 else self.eligible).get(stratum, ())


@dataclass(frozen=True)
class Team:
    """Who goes to one entity, in seat order, leader first."""

    code: str
    inspectors: tuple[str, ...]

    @property
    def leader(self) -> str:
        return self.inspectors[0]

    @property
    def members(self) -> tuple[str, ...]:
        return self.inspectors[1:]


@dataclass(frozen=True)
class Matched:
    """Every seat filled, teams in matching order. `augmented` names, by code, the entities for whom someone moved."""

    teams: tuple[Team, ...]
    cap: int
    augmented: tuple[str, ...]


@dataclass(frozen=True)
class Impossible:
    """No filling exists: these seats can only be held by these inspectors, who fill at most `capacity` of them."""

    seats: int
    inspectors: tuple[str, ...]
    capacity: int

    @property
    def sentence(self) -> str:
        return f"这 {self.seats} 个席位只有 {len(self.inspectors)} 人可派，最多坐满 {self.capacity} 个"


@dataclass
class Matching:
    """The state of one matching: who sits where, and how many seats each holds.

    `entities` are (code, first stratum that picked it); `inspectors` are (id, group), one for each group.
    """

    rules: MatchingRules
    key: bytes
    entities: Sequence[tuple[str, str]]
    inspectors: Iterable[tuple[str, str]]
    recusals: Collection[tuple[str, str]]
    seated: list[list[str | None]] = field(init=False)
    held: dict[str, set[SeatAt]] = field(init=False)
    loads: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        key = self.key
        self.entities = sorted(
            set(self.entities), key=lambda entity: (_hash(key, entity[0]), entity[0].encode())
        )
        self.seated = [[None] * self.rules.seats for _ in self.entities]
        groups: dict[str, set[str]] = {}
        for inspector, group in self.inspectors:
            groups.setdefault(inspector, set()).add(group)
        self._groups = groups
        self._spelled = {inspector: inspector.encode() for inspector in groups}
        self._able: dict[tuple[str, bool], frozenset[str]] = {}
        self._barred: dict[str, set[str]] = {}
        for inspector, code in self.recusals:
            self._barred.setdefault(code, set()).add(inspector)
        self.held = {inspector: set() for inspector in groups}
        self.loads = dict.fromkeys(groups, 0)
        self._by_load = {0: set(groups)}
        self._hashed = _Hashed("", hashlib.sha256())

    def eligible(self, seat: SeatAt) -> frozenset[str]:
        """Everyone who may take `seat`, whatever their load."""
        code, stratum = self.entities[seat[0]]
        kind = (stratum, seat[1] == 0)
        if kind not in self._able:
            wanted = self.rules.groups_for(stratum, seat[1])
            able = (i for i, groups in self._groups.items() if not groups.isdisjoint(wanted))
            self._able[kind] = frozenset(able)
        barred = self._barred.get(code)
        return self._able[kind] - barred if barred else self._able[kind]

    def candidates(self, seat: SeatAt, among: frozenset[str] | None = None) -> list[str]:
        """Everyone who may take `seat` (of `among`, where given), in the order they are asked."""
        able = self.eligible(seat) if among is None else among
        hashes, loads = self._hashes(seat[0], able), self.loads
        return sorted(able, key=lambda inspector: (loads[inspector], hashes[inspector]))

    def first_free(self, seat: SeatAt, cap: int) -> str | None:
        """The first candidate not in the team already, if he has room: what the search would find at once."""
        able, team = self.eligible(seat), self.seated[seat[0]]
        for load in sorted(self._by_load):
            if load >= cap:
                return None
            if least := (able & self._by_load[load]).difference(team):
                return min(least, key=self._hashes(seat[0], least).__getitem__)
        return None

    def _hashes(self, entity: int, inspectors: Iterable[str]) -> dict[str, tuple[bytes, bytes]]:
        """What orders these inspectors for an entity: the hash of both, then the id. Kept while the entity is the same."""
        code = self.entities[entity][0]
        if code != self._hashed.code:
            self._hashed = _Hashed(code, hashlib.sha256(f"{self.key.hex()}{code}|".encode()))
        start, known = self._hashed.start, self._hashed.known
        for inspector in inspectors:
            if inspector not in known:
                hashing, spelled = start.copy(), self._spelled[inspector]
                hashing.update(spelled)
                known[inspector] = (hashing.digest(), spelled)
        return known

    def put(self, seat: SeatAt, inspector: str) -> str | None:
        """Seat `inspector`; return whom he displaced."""
        entity, place = seat
        displaced = self.seated[entity][place]
        if displaced is not None:
            self.held[displaced].discard(seat)
            self._count(displaced, -1)
        self.seated[entity][place] = inspector
        self.held[inspector].add(seat)
        self._count(inspector, 1)
        return displaced

    def _count(self, inspector: str, more: int) -> None:
        load = self.loads[inspector]
        self._by_load[load].discard(inspector)
        self._by_load.setdefault(load + more, set()).add(inspector)
        self.loads[inspector] = load + more


@dataclass
class _Hashed:
    """The hashes of one entity's candidates so far; `start` has taken in all but the inspector."""

    code: str
    start: Any
    known: dict[str, tuple[bytes, bytes]] = field(default_factory=dict)


def match(
    entities: Sequence[tuple[str, str]],
    inspectors: Iterable[tuple[str, str]],
    recusals: Collection[tuple[str, str]],
    rules: MatchingRules,
    key: bytes,
) -> Matched | Impossible:
    """Match inspectors to every entity, or say which seats cannot all be filled."""
    state = Matching(rules, key, entities, inspectors, recusals)
    cap = _first_cap(state)
    augmented = []
    for entity in range(len(state.entities)):
        moved = False
        for place in range(rules.seats):
            while isinstance(found := _fill(state, (entity, place), cap), list):
                if cap >= rules.hard_cap:
                    return _impossible(state, found)
                cap += 1
            moved = moved or found
        if moved:
            augmented.append(state.entities[entity][0])
    teams = [
        Team(code, tuple(i for i in seated if i is not None))
        for (code, _), seated in zip(state.entities, state.seated, strict=True)
    ]
    return Matched(tuple(teams), cap, tuple(sorted(augmented, key=str.encode)))


def _first_cap(state: Matching) -> int:
    even = -(-state.rules.seats * len(state.entities) // (len(state.held) or 1))
    return min(max(1, even), state.rules.hard_cap)


def _fill(state: Matching, origin: SeatAt, cap: int) -> bool | list[SeatAt]:
    """Fill `origin`; whether anyone had to move. Where nobody can, the seats that were searched."""
    free = state.first_free(origin, cap)
    if free is not None:
        state.put(origin, free)
        return False
    return _search(state, origin, cap)


def _search(state: Matching, origin: SeatAt, cap: int) -> bool | list[SeatAt]:
    """Breadth-first. An inspector is asked once, so a seat need only look at those not asked yet, and at its team."""
    queue, parents = [origin], dict[SeatAt, SeatAt | None]({origin: None})
    unasked = set(state.held)

    def join(seats: Iterable[SeatAt], parent: SeatAt) -> None:
        for seat in seats:
            if seat not in parents:
                parents[seat] = parent
                queue.append(seat)

    for seat in queue:
        entity, place = seat
        team, able = state.seated[entity], state.eligible(seat)
        telling = (able & unasked) | able.intersection(team)
        for inspector in state.candidates(seat, telling - {team[place]}):
            if inspector in team:
                join([(entity, team.index(inspector))], seat)
            else:
                unasked.discard(inspector)
                if state.loads[inspector] < cap:
                    _shift(state, seat, inspector, parents)
                    return seat != origin
                join(sorted(state.held[inspector]), seat)
    return queue


def _shift(state: Matching, seat: SeatAt, inspector: str, parents: Mapping[SeatAt, SeatAt | None]) -> None:
    """`inspector` takes `seat`, and everyone on the way back to the origin moves one seat on."""
    moving: str | None = inspector
    at: SeatAt | None = seat
    while at is not None and moving is not None:
        moving, at = state.put(at, moving), parents[at]


def _impossible(state: Matching, seats: list[SeatAt]) -> Impossible:
    holders = {state.seated[entity][place] for entity, place in seats} - {None}
    return Impossible(len(seats), tuple(sorted(h for h in holders if h)), len(seats) - 1)


def _hash(key: bytes, code: str) -> bytes:
    return hashlib.sha256(f"{key.hex()}{code}".encode()).digest()
