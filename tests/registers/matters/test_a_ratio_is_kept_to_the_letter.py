"""A ratio is read only where its words allow one reading; whatever else stays as worded and waits for a person."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from backend.registers.matters.rules.ratios import NOT_READ, mentioned_shares, ratio_words, read_ratio

PROSE = "每年1次20%；或者每年2次各10%"


@pytest.mark.parametrize(
    ("words", "share"),
    [
        ("5%", (1, 20)),
        ("５％", (1, 20)),
        ("0.5%", (1, 200)),
        ("0.05", (1, 20)),
        ("1/3", (1, 3)),
        ("每年5%", (1, 20)),
        ("抽查比例为 10 %", (1, 10)),
        ("百分之五", (1, 20)),
        ("百分之二十", (1, 5)),
        ("三分之一", (1, 3)),
        ("全覆盖", (1, 1)),
        ("100%", (1, 1)),
        ("不设上限", None),
        ("", None),
    ],
)
def test_plain_words_are_read(words: str, share: tuple[int, int] | None) -> None:
    reading = read_ratio(words)
    assert reading.certain
    assert reading.share == share


@pytest.mark.parametrize(
    "words",
    [
        PROSE,
        "不低于5%",
        "5%—10%",
        "5",
        "1",
        "每年2次各10%",
        "按上级要求",
        "5%左右",
        "A类5%，B类10%",
        "百分之",
    ],
)
def test_what_has_more_than_one_reading_is_not_read(words: str) -> None:
    assert read_ratio(words) == NOT_READ


@pytest.mark.parametrize("words", ["0%", "120%", "3/2", "百分之零" * 0 + "0/5"])
def test_a_number_that_no_ratio_can_be_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="大于 0"):
        read_ratio(words)


def test_a_person_is_offered_every_share_the_words_mention() -> None:
    assert mentioned_shares(PROSE) == [(1, 5), (1, 10)]
    assert mentioned_shares("按上级要求") == []


@given(num=some.integers(1, 400), extra=some.integers(0, 400))
def test_a_share_that_is_spelled_is_read_back(num: int, extra: int) -> None:
    share = Fraction(num, num + extra)
    assert read_ratio(ratio_words(share.numerator, share.denominator)).share == (
        share.numerator,
        share.denominator,
    )


@given(
    first=some.integers(1, 100),
    second=some.integers(1, 100),
    between=some.sampled_from(["；或者", "，", "至", "、", "—", " ", "次各", "次"]),
    before=some.sampled_from(["", "每年", "每年1次", "不低于", "A类"]),
)
def test_words_with_two_numbers_are_never_read_as_one_share(
    first: int, second: int, between: str, before: str
) -> None:
    assert not read_ratio(f"{before}{first}%{between}{second}%").certain


@given(some.text("每年次百分之一二三十各不低于或者0123456789%％/.；，全部 ", max_size=14))
def test_a_share_is_read_only_where_it_is_the_only_number(words: str) -> None:
    """Whatever is read as a share is the one share that the words mention."""
    try:
        reading = read_ratio(words)
    except ValueError:
        return
    if reading.certain and reading.share:
        assert mentioned_shares(words) in ([], [reading.share])
