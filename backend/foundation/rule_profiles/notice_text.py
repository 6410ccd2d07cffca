"""A holiday notice as people have it, read into days: lines of day and mark, or the State Council's own sentences.

`2027-02-05 休` is one day. `春节：2月5日（周五）至11日（周四）放假调休，共7天。2月7日（周日）上班。` is a run of days
off and a working day. A single day may also name its year. Both forms may be mixed; headings and signatures name no
day and are given back as unread. Pure.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from backend.core.errors import INVALID_NOTICE, Refusal

_MARKS = {"休": False, "班": True, "放假": False, "上班": True, "否": False, "是": True}
_LINE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})[\s,，]+(\S+)")
_DAY = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:[（(][^）)]*[）)])?"
_SPAN = re.compile(rf"{_DAY}(?:\s*(?:至|到|-|—|–|~)\s*{_DAY})?")
_WORD = re.compile(r"放假|上班|休$|班$")
_DAY_BY_NUMBERS = re.compile(r"\d{4}[-/.]\d")
_LONGEST_SPAN = 31


class Notice(NamedTuple):
    """What a text says: the days it names, True = worked, and the lines that name none."""

    days: Mapping[date, bool]
    unread: tuple[str, ...]


def read_notice(year: int, text: str) -> Notice:
    """The notice of `year` in `text`. Refuses INVALID_NOTICE with the line that cannot be read."""
    days: dict[date, bool] = {}
    unread = []
    for number, line in enumerate(map(str.strip, text.splitlines()), start=1):
        named = list(_days_of_line(year, line, number))
        if line and not named:
            unread.append(line)
        for day, worked in named:
            if days.get(day, worked) is not worked:
                raise _wrong(number, f"{day.isoformat()} 写了两次，一次放假，一次上班")
            days[day] = worked
    if not days:
        raise _wrong(1, "没有任何一天")
    return Notice(dict(sorted(days.items())), tuple(unread))


def lines_of_notice(days: Mapping[date, bool]) -> str:
    """The days as lines that `read_notice` reads again."""
    return "\n".join(f"{day.isoformat()} {'班' if worked else '休'}" for day, worked in sorted(days.items()))


def _days_of_line(year: int, line: str, number: int) -> Iterator[tuple[date, bool]]:
    plain = _LINE.fullmatch(line)
    if plain:
        if plain[4] not in _MARKS:
            raise _wrong(number, "日期后面要写“休”或“班”")
        yield _checked(year, _day(plain[1], plain[2], plain[3], number), number), _MARKS[plain[4]]
    elif _DAY_BY_NUMBERS.match(line):
        raise _wrong(number, "要写日期、空格、“休”或“班”")
    else:
        yield from _days_of_sentences(year, line, number)


def _days_of_sentences(year: int, line: str, number: int) -> Iterator[tuple[date, bool]]:
    """Each stretch of days belongs to the 放假 or 上班 that follows it."""
    begin = 0
    for word in _WORD.finditer(line):
        month = ""
        for span in _SPAN.finditer(line[begin : word.start()]):
            month = span[2] or month
            first = _day(span[1] or str(year), month, span[3], number)
            last = first
            if span[6]:
                month = span[5] or month
                last = _day(span[4] or str(first.year), month, span[6], number)
            if not timedelta() <= last - first < timedelta(days=_LONGEST_SPAN):
                raise _wrong(number, f"“{span[0]}”的起止不对")
            for step in range((last - first).days + 1):
                yield (
                    _checked(year, first + timedelta(days=step), number, in_span=first != last),
                    _MARKS[word[0]],
                )
        begin = word.end()


def _day(year: str, month: str, day: str, number: int) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise _wrong(number, f"没有“{year}-{month or '?'}-{day}”这一天") from None


def _checked(year: int, day: date, number: int, in_span: bool = False) -> date:
    """A notice names days of its year; a run over New Year may begin or end next to it."""
    if day.year != year and not (in_span and abs(day.year - year) == 1):
        raise _wrong(number, f"{day.isoformat()} 不在 {year} 年")
    return day


def _wrong(number: int, detail: str) -> Refusal:
    return Refusal(INVALID_NOTICE, line=number, detail=detail)
