"""Dates, places and fingerprints as an official document says them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from backend.records.documents import words

pytestmark = pytest.mark.one_database

LATE_EVENING_UTC = datetime(2026, 7, 28, 16, 5, 9, tzinfo=UTC)


def test_a_day_is_told_in_china() -> None:
    assert words.day(LATE_EVENING_UTC) == "2026年7月29日"
    assert words.day(date(2026, 1, 5)) == "2026年1月5日"
    assert words.eight_digits(date(2026, 1, 5)) == "20260105"


def test_a_moment_is_told_to_the_second_in_china() -> None:
    assert words.second(LATE_EVENING_UTC) == "2026年7月29日 00:05:09"
    assert words.minute(None) == "未记录"


def test_a_span_says_the_day_once() -> None:
    assert (
        words.span(LATE_EVENING_UTC, LATE_EVENING_UTC + timedelta(hours=2)) == "2026年7月29日 00:05 至 02:05"
    )
    assert (
        words.span(LATE_EVENING_UTC, LATE_EVENING_UTC + timedelta(days=1))
        == "2026年7月29日 00:05 至 2026年7月30日 00:05"
    )


def test_a_place_is_told_with_its_error_rounded_up() -> None:
    assert words.position(361865037, 1181682053) == "北纬36.186503°　东经118.168205°"
    assert words.position(-5, 0) == "南纬0.000000°　东经0.000000°"
    assert words.position(None, 3) == "位置未记录"
    assert words.metres(801) == "误差9米"


def test_a_fingerprint_is_grouped_by_four() -> None:
    assert words.fingerprint("a7c044e1") == "A7C0 44E1"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(4, "手机时钟快4秒"), (-3, "手机时钟慢3秒"), (0, "手机时钟与服务器一致"), (None, "手机时钟偏差未记录")],
)
def test_the_clock_offset_is_stated(seconds: int | None, said: str) -> None:
    assert words.clock_offset(seconds) == said
