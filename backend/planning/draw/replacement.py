"""Who enters when a drawn entity has to leave, and who takes a seat anew (draw.md 1.9, 1.10)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from backend.planning.draw.tickets import Ticket, in_order
from backend.planning.matching.rules import Matching, MatchingRules


@dataclass(frozen=True)
class SeatedTeam:
    """A team as it stands now. `seats` holds inspector ids in seat order, None for an empty seat."""

    code: str
    stratum: str
    seats: tuple[str | None, ...]


def next_in_line(
    codes: Sequence[str], key: bytes, exempt: Mapping[str, str], used: Collection[str]
) -> Ticket | None:
    """The next ticket of a stratum that is not exempt, picked or used before; None when it is exhausted.

    `used` holds every code that any stratum picked, that entered since, or that left.
    """
    return next((t for t in in_order(codes, key) if t.code not in exempt and t.code not in used), None)


def taken_over(
    entrant: str,
    stratum: str,
    leaver: SeatedTeam,
    others: Sequence[SeatedTeam],
    inspectors: Collection[tuple[str, str]],
    recusals: Collection[tuple[str, str]],
    rules: MatchingRules,
    key: bytes,
) -> SeatedTeam:
    """The leaver's team under the entrant; seats whose holder is recused from the entrant are redrawn, in order."""
    kept = [None if (inspector, entrant) in recusals else inspector for inspector in leaver.seats]
    team = SeatedTeam(entrant, stratum, tuple(kept))
    for seat, inspector in enumerate(leaver.seats):
        if inspector is not None and kept[seat] is None:
            team = seat_redrawn(team, seat, others, inspectors, recusals, rules, key)
    return team


def seat_redrawn(
    team: SeatedTeam,
    seat: int,
    others: Sequence[SeatedTeam],
    inspectors: Collection[tuple[str, str]],
    recusals: Collection[tuple[str, str]],
    rules: MatchingRules,
    key: bytes,
) -> SeatedTeam:
    """Seat the first candidate not already in the team and below the hard cap; the seat stays empty without one."""
    teams = [team, *(other for other in others if other.code != team.code)]
    state = Matching(rules, key, [(t.code, t.stratum) for t in teams], inspectors, recusals)
    places = {code: place for place, (code, _) in enumerate(state.entities)}
    for t in teams:
        for number, holder in enumerate(t.seats):
            # Someone appointed from outside the committed file holds a seat but was never a candidate.
            if holder in state.held and (t, number) != (team, seat):
                state.put((places[t.code], number), holder)
    at = (places[team.code], seat)
    present = {*team.seats}
    found = next(
        (i for i in state.candidates(at) if i not in present and state.loads[i] < rules.hard_cap), None
    )
    return SeatedTeam(team.code, team.stratum, (*team.seats[:seat], found, *team.seats[seat + 1 :]))
