"""Time as an argument: what a clock is, and the one time zone the law counts its days in."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Anything that tells the present moment as an aware datetime."""

    def now(self) -> datetime: ...


class SystemClock:
    """The machine's own clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def day_in_china(moment: datetime) -> date:
    """The calendar day of `moment` in Asia/Shanghai, where a legal day ends at 24:00."""
    return moment.astimezone(SHANGHAI).date()
