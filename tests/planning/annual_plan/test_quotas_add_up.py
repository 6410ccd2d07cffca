"""Quotas: exact, never more than there are, and a fixed total is shared out in full where it can be."""

from hypothesis import given
from hypothesis import strategies as st

from backend.planning.annual_plan.quotas import Allocation, Stratum, by_ratio, quotas_of

ratios = st.tuples(st.integers(0, 20), st.integers(1, 20)).filter(lambda ratio: ratio[0] <= ratio[1])
strata = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), min_size=1, max_size=6)


@given(st.integers(0, 10_000), ratios)
def test_a_ratio_is_rounded_up_and_draws_at_least_one(population: int, ratio: tuple[int, int]) -> None:
    quota = by_ratio(population, ratio)
    if population and ratio[0]:
        assert 1 <= quota <= population
        assert (quota - 1) * ratio[1] < population * ratio[0] <= quota * ratio[1]
    else:
        assert quota == 0


@given(strata, st.integers(0, 300))
def test_a_fixed_total_is_shared_out_in_full_while_there_is_room(
    given_strata: list[tuple[int, int]], total: int
) -> None:
    named = [Stratum(f"s{n}", population, None) for n, (population, _) in enumerate(given_strata)]
    weights = {f"s{n}": weight for n, (_, weight) in enumerate(given_strata)}
    quotas = quotas_of(named, Allocation(total, weights))
    assert all(0 <= quotas[s.id] <= s.population for s in named)
    room = sum(s.population for s in named if weights[s.id])
    assert sum(quotas.values()) == min(total, room)


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 9), st.integers(0, 40))
def test_equal_strata_differ_by_at_most_one(count: int, population: int, weight: int, total: int) -> None:
    named = [Stratum(f"s{n}", population, None) for n in range(count)]
    quotas = quotas_of(named, Allocation(total, {s.id: weight for s in named})).values()
    assert max(quotas) - min(quotas) <= 1


def test_a_stratum_with_a_ratio_takes_no_part_in_the_total() -> None:
    named = [Stratum("A", 10, (1, 2)), Stratum("B", 10, None)]
    assert quotas_of(named, Allocation(3, {"A": 100, "B": 1})) == {"A": 5, "B": 3}
