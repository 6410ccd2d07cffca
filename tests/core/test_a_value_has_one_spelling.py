"""The quick writer and the plain one spell every value alike, so a signature holds whoever wrote it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.canonical_json import _spell, canonical

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_both_writers_agree(value: Any) -> None:
    assert canonical(value) == _spell(value).encode()


@pytest.mark.parametrize("value", [1.5, {"a": [float("nan")]}, 2**53, -(2**53), {"a": {1}}, "\ud800"])
def test_what_has_no_single_spelling_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r"canonical|exact|surrogates"):
        canonical(value)


def test_names_are_sorted_by_their_utf_16_units() -> None:
    assert canonical({"\U0001f600": 1, "\ufb01": 2}) == '{"\U0001f600":1,"\ufb01":2}'.encode()
