"""The terms of many entities, gathered by column, are those that each has by itself; stored sets keep them exactly."""

from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from backend.registers.entities.postings import (
    EVERYTHING,
    folded,
    folded_all,
    members_by_term,
    name_key,
    name_keys,
    offsets,
    unpacked,
    with_members,
    without_members,
)

texts = st.text(alphabet="示例市（）【】[]()Ａa䶮𠮷 0１\n", max_size=12)
entities = st.fixed_dictionaries(
    {
        "name": texts,
        "code": st.text(alphabet="019AaMX:", min_size=1, max_size=18),
        "address": texts,
        "principal": texts,
        "registration_no": st.sampled_from(["", "370303000000013"]),
        "risk_grade": st.sampled_from([None, "A", "D"]),
        "region": st.sampled_from(["", "样例区"]),
        "industry": st.sampled_from(["", "陶瓷制品"]),
        "kind": st.just("enterprise"),
        "status": st.just("active"),
        "department_id": st.sampled_from([None, 3]),
        "directories": st.lists(st.sampled_from(["甲", "乙"]), max_size=3),
        "flags": st.lists(st.sampled_from(["serious", "abnormal"]), max_size=2),
    }
)


@given(st.lists(entities, min_size=1, max_size=5))
@examples(max_examples=60)
def test_many_at_once_have_the_terms_of_each(rows: list[dict[str, object]]) -> None:
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    together = members_by_term(columns, range(len(rows)))
    for place, row in enumerate(rows):
        alone = members_by_term({name: [value] for name, value in row.items()}, [0])
        assert {term for term, members in together.items() if place in members} == set(alone)
    assert together[EVERYTHING] == list(range(len(rows)))
    assert all(members == sorted(set(members)) for members in together.values())


@given(st.lists(st.text(max_size=8), min_size=1, max_size=5))
@examples(max_examples=60)
def test_folding_many_is_folding_each(names: list[str]) -> None:
    assert folded_all(names) == [folded(name) for name in names]
    assert name_keys(names) == [name_key(name) for name in names]


@given(st.sets(st.integers(0, 65535), max_size=700), st.sets(st.integers(0, 65535), min_size=1, max_size=700))
@examples(max_examples=30)
def test_a_stored_set_gains_and_loses_exactly_what_it_is_told(held: set[int], more: set[int]) -> None:
    stored = with_members(b"", sorted(held)) if held else b""
    grown = with_members(stored, sorted(more))
    assert list(offsets(unpacked(grown))) == sorted(held | more)
    assert list(offsets(unpacked(without_members(grown, more)))) == sorted(held - more)
