"""The public holidays that follow from the law alone, for years whose State Council notice is not out yet.

全国年节及纪念日放假办法 names them; the notice of each year only adds make-up days around them. Lunar dates
are tabled to 2035; later years keep the holidays that have a fixed date.
"""

from datetime import date, timedelta

_FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))

# year: (first day of the lunar year, 清明, 端午, 中秋)
_MOVING = {
    2027: ((2, 6), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 26), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 13), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 3), (4, 5), (6, 5), (9, 12)),
    2031: ((1, 23), (4, 5), (6, 24), (10, 1)),
    2032: ((2, 11), (4, 4), (6, 12), (9, 19)),
    2033: ((1, 31), (4, 4), (6, 1), (9, 8)),
    2034: ((2, 19), (4, 5), (6, 20), (9, 27)),
    2035: ((2, 8), (4, 5), (6, 10), (9, 16)),
}


def statutory_holidays(year: int) -> frozenset[date]:
    """The days of `year` that are holidays by law, without the make-up days that only a notice can set."""
    days = {date(year, month, day) for month, day in _FIXED}
    if year in _MOVING:
        new_year, *others = _MOVING[year]
        first = date(year, *new_year)
        days |= {first + timedelta(days=offset) for offset in (-1, 0, 1, 2)}
        days |= {date(year, month, day) for month, day in others}
    return frozenset(days)
