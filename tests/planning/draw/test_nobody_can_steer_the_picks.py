"""What must be true of every draw, whatever the roster (draw.md 6)."""

import random
from collections import Counter
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from backend.planning.draw.seed import keys_of, seed_of
from backend.planning.draw.tickets import drawn, in_order, smallest, ticket_of

codes = st.lists(st.integers(0, 10**6).map(lambda n: f"firm:{n}"), unique=True, min_size=1, max_size=60)
keys = st.binary(min_size=32, max_size=32)


@given(codes, keys, st.integers(0, 70), st.randoms(use_true_random=False))
def test_the_order_of_the_roster_changes_nothing(
    roster: list[str], key: bytes, quota: int, shuffling: random.Random
) -> None:
    shuffled = list(roster)
    shuffling.shuffle(shuffled)
    assert drawn("A", quota, roster, {}, key) == drawn("A", quota, shuffled, {}, key)


@given(codes, keys, st.data())
def test_only_what_is_below_the_threshold_is_sorted_and_it_never_shows(
    roster: list[str], key: bytes, data: st.DataObject
) -> None:
    wanted = data.draw(st.integers(0, len(roster)))
    whole = sorted((ticket_of(key, code), code) for code in roster)
    assert [(t.ticket, t.code) for t in smallest(wanted, roster, key)] == whole[:wanted]


@given(codes, keys, st.data())
def test_when_a_pick_is_exempt_exactly_the_next_one_enters(
    roster: list[str], key: bytes, data: st.DataObject
) -> None:
    quota = data.draw(st.integers(1, len(roster)))
    before = drawn("A", quota, roster, {}, key, reserve=len(roster))
    let_off = data.draw(st.sampled_from(before.picks))
    after = drawn("A", quota, roster, {let_off.code: "免检"}, key)
    assert [t.code for t in after.picks] == [
        t.code for t in (*before.picks, *before.reserve[:1]) if t.code != let_off.code
    ]
    # The last pick let off is skipped too if another enters after it, or if nobody is left to enter.
    assert after.skipped == (let_off,)
    assert after.shortfall == (0 if before.reserve else 1)


@given(codes, keys, st.integers(0, 60), st.integers(0, 60))
def test_a_larger_quota_keeps_everyone_drawn_by_a_smaller(
    roster: list[str], key: bytes, one: int, other: int
) -> None:
    small, large = sorted((one, other))
    fewer, more = drawn("A", small, roster, {}, key).picks, drawn("A", large, roster, {}, key).picks
    assert more[: len(fewer)] == fewer


@given(codes, keys, st.data())
def test_what_is_drawn_and_what_waits_are_the_roster_in_order(
    roster: list[str], key: bytes, data: st.DataObject
) -> None:
    quota = data.draw(st.integers(0, len(roster)))
    exempt = dict.fromkeys(data.draw(st.lists(st.sampled_from(roster), unique=True)), "免检")
    outcome = drawn("A", quota, roster, exempt, key, reserve=len(roster))
    met = sorted((*outcome.picks, *outcome.skipped), key=lambda t: t.rank)
    assert [*met, *outcome.reserve] == in_order(roster, key)
    assert outcome.shortfall == quota - len(outcome.picks)
    assert not outcome.shortfall or not [t for t in outcome.reserve if t.code not in exempt]


@given(st.binary(min_size=32, max_size=32), st.integers(0, 255))
def test_one_bit_of_the_commitment_changes_seed_and_keys(commitment: bytes, bit: int) -> None:
    flipped = bytearray(commitment)
    flipped[bit // 8] ^= 1 << bit % 8
    one, other = (seed_of(bytes(c).hex(), b"n" * 32, [], None) for c in (commitment, flipped))
    apart = bin(int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).count("1")
    assert apart > 64
    assert keys_of(one).entity != keys_of(other).entity


def test_every_entity_and_every_pair_is_drawn_equally_often() -> None:
    """Chi-square over 4,000 fixed seeds, scaled for sampling without replacement; limits at p = 0.001."""
    roster, quota, draws = [f"firm:{n}" for n in range(12)], 4, 4000
    singles, pairs = Counter[str](), Counter[frozenset[str]]()
    for number in range(draws):
        picks = [t.code for t in drawn("A", quota, roster, {}, sha256(b"%d" % number).digest()).picks]
        singles.update(picks)
        pairs.update(frozenset((a, b)) for a in picks for b in picks if a < b)
    n, share = len(roster), quota / len(roster)
    expected = draws * share
    of_singles = sum((singles[c] - expected) ** 2 for c in roster) / expected
    assert of_singles * (n - 1) / (n * (1 - share)) < 31.26  # 11 degrees of freedom
    pair_share = quota * (quota - 1) / (n * (n - 1))
    spread = max(abs(count / draws - pair_share) for count in pairs.values())
    assert len(pairs) == n * (n - 1) // 2
    assert spread < 4.5 * (pair_share * (1 - pair_share) / draws) ** 0.5
