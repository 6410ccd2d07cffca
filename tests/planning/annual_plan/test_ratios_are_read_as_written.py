"""A ratio is read exactly as the officer wrote it, and shown back the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.planning.annual_plan.rules import all_ratio_words, ratio_fault, ratio_from, ratio_words


@pytest.mark.parametrize(
    ("written", "ratio"),
    [("5%", [5, 100]), (" 2.5% ", [25, 1000]), ("1/20", [1, 20]), ("100％", [100, 100]), ("", None)],
)
def test_what_is_written_is_read(written: str, ratio: list[int] | None) -> None:
    assert ratio_from(written) == ratio


@pytest.mark.parametrize("written", ["5", "百分之五", "-5%", "5%%", "1/20/3", "1 /x"])
def test_anything_else_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match="应写成 5% 或 1/20"):
        ratio_from(written)


@given(st.integers(0, 10000))
def test_a_percentage_with_two_decimals_is_shown_as_it_was_written(hundredths: int) -> None:
    shown = ratio_words([hundredths, 10000])
    read = ratio_from(shown)
    assert read is not None
    assert read[0] * 10000 == hundredths * read[1]


def test_a_third_is_shown_as_a_fraction() -> None:
    assert ratio_words([1, 3]) == "1/3"
    assert all_ratio_words({"C": [1, 3], "A": [5, 100]}) == "A 5%　C 1/3"


@pytest.mark.parametrize("ratios", [{}, {"E": [1, 2]}, {"A": [3, 2]}, {"A": [1, 0]}])
def test_what_no_draw_could_use_is_a_fault(ratios: dict[str, list[int]]) -> None:
    assert ratio_fault(ratios)
