"""The State Council's holiday notices that come with the `chinesecalendar` package, as plain days."""

from collections.abc import Mapping
from datetime import date
from functools import cache

from chinese_calendar.constants import holidays, workdays

PACKAGED_SOURCE = "国务院办公厅放假通知（随程序附带）"


@cache
def packaged_days() -> Mapping[date, bool]:
    """Every day the packaged notices name: True = worked, False = off."""
    return {**dict.fromkeys(holidays, False), **dict.fromkeys(workdays, True)}


@cache
def packaged_years() -> frozenset[int]:
    """The years whose notice is in the package."""
    return frozenset(day.year for day in holidays)
