"""Next, known, or outside the chain; a gap is the only thing that stops a push."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.fieldwork.sync.rules import NO_PREVIOUS, Gap, Head, Place, op_hash, place_ops


def _chain(length: int, mark: str = "a", prev: str = NO_PREVIOUS, first: int = 1) -> list[dict[str, Any]]:
    ops = []
    for seq in range(first, first + length):
        op = {"id": f"{mark}{seq}", "seq": seq, "prev": prev}
        prev = op_hash(op)
        ops.append(op)
    return ops


def _head(ops: list[dict[str, Any]]) -> Head:
    return Head(ops[-1]["seq"], op_hash(ops[-1])) if ops else Head()


@given(length=st.integers(1, 12), data=st.data())
def test_any_slice_sent_again_is_known_up_to_the_head_and_next_after_it(
    length: int, data: st.DataObject
) -> None:
    ops = _chain(length)
    stored = data.draw(st.integers(0, length))
    start = data.draw(st.integers(0, stored))
    known = {op_hash(op) for op in ops[:stored]}
    places = place_ops(ops[start:], [op_hash(op) for op in ops[start:]], _head(ops[:stored]), known, set())
    assert places == [Place.KNOWN] * (stored - start) + [Place.NEXT] * (length - stored)


def test_a_gap_names_the_op_that_is_expected() -> None:
    ops = _chain(5)
    with pytest.raises(Gap) as gap:
        place_ops(
            ops[3:], [op_hash(op) for op in ops[3:]], _head(ops[:2]), {op_hash(op) for op in ops[:2]}, set()
        )
    assert gap.value.expected_seq == 3


def test_the_same_seq_with_another_hash_stays_outside() -> None:
    ops = _chain(2)
    other = _chain(1, "b", prev=op_hash(ops[0]), first=2)
    assert place_ops(other, [op_hash(op) for op in other], _head(ops), set(), set()) == [Place.SEQ_TAKEN]


def test_a_broken_prev_stays_outside() -> None:
    ops = _chain(2)
    stray = _chain(1, "b", prev="f" * 64, first=3)
    assert place_ops(stray, [op_hash(op) for op in stray], _head(ops), set(), set()) == [Place.PREV_BROKEN]


def test_what_builds_on_a_stray_op_is_outside_too_and_never_a_gap() -> None:
    ops = _chain(2)
    fork = _chain(4, "b", prev=op_hash(ops[0]), first=2)
    assert (
        place_ops(fork, [op_hash(op) for op in fork], _head(ops), set(), set())
        == [Place.SEQ_TAKEN] + [Place.PREV_BROKEN] * 3
    )
    outside = {op_hash(op) for op in fork[:3]}
    assert place_ops(fork[3:], [op_hash(op) for op in fork[3:]], _head(ops), set(), outside) == [
        Place.PREV_BROKEN
    ]
