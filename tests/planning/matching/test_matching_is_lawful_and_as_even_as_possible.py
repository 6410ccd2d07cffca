"""Every matching seats each team lawfully, at the smallest cap that any method could reach."""

from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from backend.planning.matching.rules import Impossible, Matched, MatchingRules, match


@dataclass(frozen=True)
class Case:
    entities: list[tuple[str, str]]
    inspectors: list[tuple[str, str]]
    recusals: set[tuple[str, str]]
    rules: MatchingRules
    key: bytes


@st.composite
def cases(draw: st.DrawFn) -> Case:
    entities = [f"e:{n}" for n in range(draw(st.integers(0, 5)))]
    ids = [f"P{n:03}" for n in range(draw(st.integers(0, 5)))]
    groups = {i: draw(st.sets(st.sampled_from("GH"), min_size=1)) for i in ids}
    recusals = {(i, e) for i in ids for e in entities if draw(st.integers(0, 3)) == 0}
    rules = MatchingRules(
        seats=draw(st.integers(1, 3)),
        hard_cap=draw(st.integers(1, 5)),
        eligible={"A": ("G", "H"), "B": ("H",)},
        leader={"A": ("G",), "B": ("G", "H")},
    )
    strata = [draw(st.sampled_from("AB")) for _ in entities]
    return Case(
        list(zip(entities, strata, strict=True)),
        [(i, g) for i in ids for g in sorted(groups[i])],
        recusals,
        rules,
        draw(st.binary(min_size=32, max_size=32)),
    )


@settings(max_examples=300, deadline=None)
@given(cases())
def test_the_teams_are_lawful_and_the_cap_is_the_smallest_possible(case: Case) -> None:
    found = match(case.entities, case.inspectors, case.recusals, case.rules, case.key)
    feasible = [cap for cap in range(1, case.rules.hard_cap + 1) if _can_be_filled(case, cap)]
    if isinstance(found, Impossible):
        assert not feasible
        assert found.capacity < found.seats
        return
    assert found.cap == max(feasible[0], _even_share(case))
    _assert_lawful(case, found)


def test_the_statement_says_how_many_seats_have_how_few_people() -> None:
    assert Impossible(121, ("P001", "P002", "P003"), 120).sentence == (
        "这 121 个席位只有 3 人可派，最多坐满 120 个"
    )


def _assert_lawful(case: Case, found: Matched) -> None:
    strata, groups = dict(case.entities), dict[str, set[str]]()
    for inspector, group in case.inspectors:
        groups.setdefault(inspector, set()).add(group)
    assert {team.code for team in found.teams} == set(strata)
    loads = [i for team in found.teams for i in team.inspectors]
    assert all(loads.count(i) <= found.cap for i in loads)
    for team in found.teams:
        assert len(set(team.inspectors)) == case.rules.seats
        for seat, inspector in enumerate(team.inspectors):
            assert (inspector, team.code) not in case.recusals
            assert groups[inspector] & set(case.rules.groups_for(strata[team.code], seat))


def _even_share(case: Case) -> int:
    people = len({i for i, _ in case.inspectors}) or 1
    return min(case.rules.hard_cap, max(1, -(-case.rules.seats * len(case.entities) // people)))


def _can_be_filled(case: Case, cap: int) -> bool:
    """The oracle: try every lawful filling by plain backtracking."""
    strata, groups = dict(case.entities), dict[str, set[str]]()
    for inspector, group in case.inspectors:
        groups.setdefault(inspector, set()).add(group)
    seats = [(code, seat) for code, _ in case.entities for seat in range(case.rules.seats)]
    load, teams = dict.fromkeys(groups, 0), {code: set[str]() for code in strata}
    dead = set[tuple[int, tuple[int, ...], frozenset[str]]]()

    def place(number: int) -> bool:
        if number == len(seats):
            return True
        code, seat = seats[number]
        state = (number, tuple(load.values()), frozenset(teams[code]))
        if state in dead:
            return False
        wanted = set(case.rules.groups_for(strata[code], seat))
        for inspector, of in groups.items():
            if load[inspector] < cap and of & wanted and inspector not in teams[code]:
                if (inspector, code) in case.recusals:
                    continue
                load[inspector] += 1
                teams[code].add(inspector)
                filled = place(number + 1)
                load[inspector] -= 1
                teams[code].discard(inspector)
                if filled:
                    return True
        dead.add(state)
        return False

    return place(0)
